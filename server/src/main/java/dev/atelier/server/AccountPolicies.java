package dev.atelier.server;

import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.identity.policy.PolicyEvaluator.NamedPolicy;
import dev.atelier.kernel.Arn;
import java.io.StringReader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.helpers.DefaultHandler;

/** The users, groups, roles and policies of the account, as GetAccountAuthorizationDetails tells them. */
final class AccountPolicies {
  private final List<Element> entities = new ArrayList<>();
  private final Map<String, String> managed = new HashMap<>();

  private AccountPolicies() {}

  /**
   * What a user or role holds.
   *
   * @param groups names of a user's groups
   */
  record Held(String id, List<NamedPolicy> policies, Optional<NamedPolicy> boundary, Map<String, String> tags,
      List<String> groups) {}

  static AccountPolicies read(SignedCall call) {
    AccountPolicies all = new AccountPolicies();
    String marker = "";
    do {
      Map<String, String> fields = new HashMap<>(
          Map.of("Action", "GetAccountAuthorizationDetails", "Version", "2010-05-08", "MaxItems", "1000"));
      if (!marker.isEmpty()) {
        fields.put("Marker", marker);
      }
      SignedCall.Answer answer = call.query("iam", fields);
      if (answer.status() != 200) {
        throw new CommandFailure("the server refused the question: " + text(parse(answer.text()), "Message"));
      }
      Element root = parse(answer.text());
      all.take(root);
      marker = text(root, "Marker");
    } while (!marker.isEmpty());
    return all;
  }

  private void take(Element root) {
    Element result = child(root, "GetAccountAuthorizationDetailsResult").orElseThrow();
    for (String list : List.of("UserDetailList", "GroupDetailList", "RoleDetailList")) {
      entities.addAll(members(result, list));
    }
    for (Element policy : members(result, "Policies")) {
      members(policy, "PolicyVersionList").stream().filter(each -> text(each, "IsDefaultVersion").equals("true"))
          .forEach(each -> managed.put(local(text(policy, "Arn")), decoded(text(each, "Document"))));
    }
  }

  /** What the user or role of an ARN holds, with what a user's groups hold. */
  Held held(String arn) {
    Element entity = entities.stream().filter(each -> text(each, "Arn").equals(arn)).findFirst()
        .orElseThrow(() -> new CommandFailure("there is no user or role " + arn));
    List<NamedPolicy> policies = new ArrayList<>(own(entity));
    List<String> groups = child(entity, "GroupList").map(list -> children(list).stream().map(Node::getTextContent)
        .toList()).orElse(List.of());
    entities.stream().filter(each -> groups.contains(text(each, "GroupName"))).forEach(each -> policies.addAll(own(each)));
    Optional<NamedPolicy> boundary = child(entity, "PermissionsBoundary")
        .map(each -> named(text(each, "PermissionsBoundaryArn")));
    Map<String, String> tags = new HashMap<>();
    members(entity, "Tags").forEach(tag -> tags.put(text(tag, "Key"), text(tag, "Value")));
    return new Held(text(entity, arn.contains(":role/") ? "RoleId" : "UserId"), policies, boundary, tags, groups);
  }

  private List<NamedPolicy> own(Element entity) {
    List<NamedPolicy> policies = new ArrayList<>();
    for (String list : List.of("UserPolicyList", "GroupPolicyList", "RolePolicyList")) {
      members(entity, list).forEach(each -> policies.add(new NamedPolicy("inline policy " + text(each, "PolicyName"),
          PolicyDocument.parse(decoded(text(each, "PolicyDocument")), PolicyDocument.Kind.IDENTITY))));
    }
    members(entity, "AttachedManagedPolicies").forEach(each -> policies.add(named(text(each, "PolicyArn"))));
    return policies;
  }

  private NamedPolicy named(String arn) {
    return new NamedPolicy(arn, PolicyDocument.parse(managed.get(local(arn)), PolicyDocument.Kind.IDENTITY));
  }

  private static String local(String arn) {
    return Arn.parse(arn).map(each -> each.account() + ":" + each.resource()).orElse(arn);
  }

  static Element parse(String xml) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      DocumentBuilder builder = factory.newDocumentBuilder();
      // the parser's own handler writes to standard error
      builder.setErrorHandler(new DefaultHandler());
      return builder.parse(new InputSource(new StringReader(xml))).getDocumentElement();
    } catch (Exception e) {
      throw new CommandFailure("the server's answer cannot be read: " + e.getMessage());
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static List<Element> children(Element element) {
    List<Element> found = new ArrayList<>();
    for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element each) {
        found.add(each);
      }
    }
    return found;
  }

  private static Optional<Element> child(Element element, String name) {
    return children(element).stream().filter(each -> each.getTagName().equals(name)).findFirst();
  }

  private static List<Element> members(Element element, String list) {
    return child(element, list).map(AccountPolicies::children).orElse(List.of());
  }

  /** The text of a child of that name, or of a grandchild; empty when there is none. */
  static String text(Element element, String name) {
    return child(element, name).or(() -> children(element).stream().map(each -> child(each, name))
        .flatMap(Optional::stream).findFirst()).map(Node::getTextContent).orElse("");
  }
}
