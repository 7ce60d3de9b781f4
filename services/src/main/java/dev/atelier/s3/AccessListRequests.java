package dev.atelier.s3;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import dev.atelier.objects.S3Fault;
import dev.atelier.s3.AccessList.Given;
import dev.atelier.s3.AccessList.Group;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the access list that a request asks for by a canned name, by headers or by a document. */
final class AccessListRequests {
  private static final int MOST = 100;
  private static final Map<String, String> HEADERS = new LinkedHashMap<>();

  static {
    HEADERS.put("GrantFullControl", AccessList.FULL_CONTROL);
    HEADERS.put("GrantRead", "READ");
    HEADERS.put("GrantReadACP", "READ_ACP");
    HEADERS.put("GrantWrite", "WRITE");
    HEADERS.put("GrantWriteACP", "WRITE_ACP");
  }

  private static final Pattern GRANTEE = Pattern.compile("\\s*(id|uri|emailAddress)\\s*=\\s*\"?([^\",]{1,1024})\"?\\s*",
      Pattern.CASE_INSENSITIVE);

  private final AccountDirectory accounts;

  AccessListRequests(AccountDirectory accounts) {
    this.accounts = accounts;
  }

  /** Whether the request's headers name any access list. */
  static boolean names(Map<String, Object> request) {
    return Requests.text(request, "ACL").isPresent() || HEADERS.keySet().stream().anyMatch(request::containsKey);
  }

  /**
   * The list that headers name; empty when they name none.
   *
   * @param owner of what the list is for
   * @param bucketOwner differs from it for objects that others wrote
   */
  Optional<AccessList> ofHeaders(Map<String, Object> request, AccountId owner, AccountId bucketOwner) {
    Optional<String> canned = Requests.text(request, "ACL");
    List<Given> given = new ArrayList<>();
    HEADERS.forEach((member, permission) -> Requests.text(request, member).ifPresent(value -> {
      String[] grantees = value.split(",");
      if (grantees.length == 0) {
        throw unrecognized(value);
      }
      for (String grantee : grantees) {
        given.add(new Given(grantee(grantee), permission));
      }
    }));
    if (canned.isPresent() && !given.isEmpty()) {
      throw S3Fault.invalidRequest("Specifying both Canned ACLs and Header Grants is not allowed");
    }
    if (given.size() > MOST) {
      throw S3Fault.invalidRequest("Too many grants");
    }
    return canned.map(name -> canned(name, owner, bucketOwner))
        .or(() -> given.isEmpty() ? Optional.empty() : Optional.of(new AccessList(given)));
  }

  private static AccessList canned(String name, AccountId owner, AccountId bucketOwner) {
    List<Given> grants = new ArrayList<>(List.of(Given.to(owner, AccessList.FULL_CONTROL)));
    switch (name) {
      case "private" -> { }
      case "public-read" -> grants.add(Given.to(Group.ALL_USERS, "READ"));
      case "public-read-write" -> {
        grants.add(Given.to(Group.ALL_USERS, "READ"));
        grants.add(Given.to(Group.ALL_USERS, "WRITE"));
      }
      case "authenticated-read" -> grants.add(Given.to(Group.AUTHENTICATED_USERS, "READ"));
      case "log-delivery-write" -> {
        grants.add(Given.to(Group.LOG_DELIVERY, "WRITE"));
        grants.add(Given.to(Group.LOG_DELIVERY, "READ_ACP"));
      }
      case "bucket-owner-read", "bucket-owner-full-control" -> {
        if (!owner.equals(bucketOwner)) {
          grants.add(Given.to(bucketOwner, name.equals("bucket-owner-read") ? "READ" : AccessList.FULL_CONTROL));
        }
      }
      case "aws-exec-read" -> throw Requests.notImplemented();
      default -> throw S3Fault.invalidArgument("x-amz-acl", name, "Invalid canned ACL");
    }
    return new AccessList(grants);
  }

  private String grantee(String text) {
    Matcher matcher = GRANTEE.matcher(text);
    if (!matcher.matches()) {
      throw unrecognized(text);
    }
    return switch (matcher.group(1).toLowerCase(java.util.Locale.ROOT)) {
      case "id" -> account(matcher.group(2));
      case "uri" -> group(matcher.group(2));
      default -> email(matcher.group(2));
    };
  }

  private static Fault unrecognized(String text) {
    return S3Fault.invalidArgument("x-amz-grant", text, "Argument format not recognized");
  }

  private String account(String id) {
    return accounts.ofCanonicalId(id).map(AccountId::value)
        .orElseThrow(() -> S3Fault.invalidArgument("CanonicalUser/ID", id, "Invalid id"));
  }

  private static String group(String uri) {
    return Group.of(uri).map(Group::name)
        .orElseThrow(() -> S3Fault.invalidArgument("Group/URI", uri, "Invalid group uri"));
  }

  private String email(String address) {
    return accounts.ofEmail(address).map(AccountId::value).orElseThrow(() -> new Fault("UnresolvableGrantByEmailAddress",
        400, "The e-mail address you provided does not match any account on record.", Map.of("GranteeEmail", address)));
  }

  /**
   * The list that a document spells out.
   *
   * @param document of AccessControlPolicy
   * @param owner of what the list is for: a list cannot change it
   */
  AccessList ofDocument(Map<?, ?> document, AccountId owner) {
    if (!(document.get("Owner") instanceof Map<?, ?> named) || !(named.get("ID") instanceof String id)) {
      throw malformed();
    }
    if (!id.equals(Owners.canonicalId(owner))) {
      throw S3Fault.accessDenied();
    }
    List<?> grants = document.get("Grants") instanceof List<?> list ? list : List.of();
    if (grants.size() > MOST) {
      throw malformed();
    }
    return new AccessList(grants.stream().map(each -> grant((Map<?, ?>) each)).toList());
  }

  private Given grant(Map<?, ?> grant) {
    if (!(grant.get("Grantee") instanceof Map<?, ?> grantee) || !(grant.get("Permission") instanceof String permission)
        || !AccessList.PERMISSIONS.contains(permission)) {
      throw malformed();
    }
    String to = grantee.get("URI") instanceof String uri ? group(uri)
        : grantee.get("ID") instanceof String id ? account(id)
        : grantee.get("EmailAddress") instanceof String address ? email(address) : "";
    if (to.isEmpty()) {
      throw malformed();
    }
    return new Given(to, permission);
  }

  static Fault malformed() {
    return S3Fault.of("MalformedACLError", 400,
        "The XML you provided was not well-formed or did not validate against our published schema");
  }
}
