package dev.atelier.identity;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.identity.policy.Decision;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Writes down, for those who may decode it, which statement decided a denied request. */
public final class Denials {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Authoriser authoriser;
  private final Secrets secrets;

  Denials(Authoriser authoriser, Secrets secrets) {
    this.authoriser = authoriser;
    this.secrets = secrets;
  }

  /** The sealed account of the decision; only a caller of the same account decodes it. */
  public String encode(Caller caller, Authoriser.Access access) {
    Decision decision = authoriser.decide(caller, access);
    ObjectNode root = JSON.createObjectNode().put("allowed", decision.allowed())
        .put("explicitDeny", decision instanceof Decision.ExplicitDeny);
    ArrayNode items = root.putObject("matchedStatements").putArray("items");
    switch (decision) {
      case Decision.ExplicitDeny deny -> items.addObject().put("statementId", deny.by().sid()).put("effect", "DENY")
          .put("policy", deny.by().policy()).put("policyType", deny.by().kind().words());
      case Decision.ImplicitDeny deny -> root.put("missingAllowIn", deny.kind().words());
      case Decision.Allowed allowed -> items.addObject().put("statementId", allowed.by().sid()).put("effect", "ALLOW")
          .put("policy", allowed.by().policy()).put("policyType", allowed.by().kind().words());
    }
    ObjectNode context = root.putObject("context");
    context.putObject("principal").put("id", caller.principalId()).put("arn", caller.arn().toString());
    context.put("action", access.action()).put("resource", access.resource());
    ObjectNode conditions = context.putObject("conditions");
    authoriser.context(caller, access).keys().forEach((key, values) -> {
      ArrayNode list = conditions.putArray(key);
      values.forEach(list::add);
    });
    String sealed = secrets.seal(root.toString().getBytes(StandardCharsets.UTF_8), context(caller));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed.getBytes(StandardCharsets.UTF_8));
  }

  /** @throws Fault InvalidAuthorizationMessageException */
  String decode(Caller caller, String message) {
    try {
      String sealed = new String(Base64.getUrlDecoder().decode(message), StandardCharsets.UTF_8);
      return new String(secrets.unseal(sealed, context(caller)), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Fault("InvalidAuthorizationMessageException", 400,
          "The error returned if the message passed to DecodeAuthorizationMessage was invalid.");
    }
  }

  private static String context(Caller caller) {
    return "authorization-message:" + caller.account();
  }
}
