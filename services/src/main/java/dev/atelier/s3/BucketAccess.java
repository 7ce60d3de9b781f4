package dev.atelier.s3;

import dev.atelier.identity.Authoriser.Access;
import dev.atelier.identity.RequestAccess.Holding;
import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.identity.policy.Statement;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.objects.Bucket;
import dev.atelier.objects.ObjectName;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.Ownership;
import dev.atelier.objects.S3Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who owns a bucket's objects and who is let in: policy, access lists, and what is refused to the public. */
final class BucketAccess {
  /** The kind of the document that holds a bucket's own access list. */
  static final String ACL = "acl";
  /** What a new bucket is given, as on AWS: no access lists, nothing public. */
  static final Map<String, String> NEW_BUCKET = Map.of(ObjectOwnership.KIND, ObjectOwnership.ENFORCED.word(),
      PublicAccessBlock.KIND, PublicAccessBlock.ALL.json());

  /** What a permission on an object allows. */
  private static final Map<String, String> OF_OBJECT = Map.of("s3:GetObject", "READ", "s3:GetObjectVersion", "READ",
      "s3:GetObjectAcl", "READ_ACP", "s3:GetObjectVersionAcl", "READ_ACP",
      "s3:PutObjectAcl", "WRITE_ACP", "s3:PutObjectVersionAcl", "WRITE_ACP");
  /** What a permission on a bucket allows. */
  private static final Map<String, String> OF_BUCKET = Map.of("s3:ListBucket", "READ", "s3:ListBucketVersions", "READ",
      "s3:ListBucketMultipartUploads", "READ", "s3:PutObject", "WRITE", "s3:DeleteObject", "WRITE",
      "s3:PutObjectAcl", "WRITE", "s3:GetBucketAcl", "READ_ACP", "s3:PutBucketAcl", "WRITE_ACP");
  private static final String CREATION = "s3:objectcreationoperation";

  private final ObjectStore store;
  private final AccessListRequests requests;
  private final AccountDirectory accounts;

  BucketAccess(ObjectStore store, AccountDirectory accounts) {
    this.store = store;
    this.accounts = accounts;
    this.requests = new AccessListRequests(accounts);
  }

  ObjectOwnership ownership(String bucket) {
    return store.buckets().document(bucket, ObjectOwnership.KIND).flatMap(ObjectOwnership::of)
        .orElse(ObjectOwnership.WRITER);
  }

  boolean listsCount(String bucket) {
    return ownership(bucket) != ObjectOwnership.ENFORCED;
  }

  PublicAccessBlock block(String bucket) {
    return store.buckets().document(bucket, PublicAccessBlock.KIND).map(PublicAccessBlock::read)
        .orElse(PublicAccessBlock.NOTHING);
  }

  AccessList ofBucket(Bucket bucket) {
    return store.buckets().document(bucket.name(), ACL).filter(list -> listsCount(bucket.name()))
        .map(AccessList::read).orElseGet(() -> AccessList.ofOwner(bucket.account()));
  }

  /** The account whose an object is. */
  AccountId owner(Bucket bucket, Ownership stored) {
    return stored.owner().filter(account -> listsCount(bucket.name())).orElse(bucket.account());
  }

  AccessList ofObject(Bucket bucket, Ownership stored) {
    return stored.acl().filter(list -> listsCount(bucket.name())).map(AccessList::read)
        .orElseGet(() -> AccessList.ofOwner(owner(bucket, stored)));
  }

  /**
   * Whose a new object shall be, with its list.
   *
   * @throws Fault AccessControlListNotSupported, AccessDenied for a public list that the bucket blocks
   */
  Ownership ofNewObject(Caller caller, Bucket bucket, Map<String, Object> request) {
    boolean given = "bucket-owner-full-control".equals(request.get("ACL"));
    ObjectOwnership rule = ownership(bucket.name());
    if (rule == ObjectOwnership.ENFORCED) {
      requireNoList(request);
      return Ownership.OF_BUCKET;
    }
    boolean bucketOwners = caller.account().equals(bucket.account()) || rule == ObjectOwnership.PREFERRED && given;
    AccountId owner = bucketOwners ? bucket.account() : caller.account();
    Optional<AccessList> list = requests.ofHeaders(request, owner, bucket.account());
    list.ifPresent(wanted -> requireUnblocked(bucket.name(), wanted));
    return new Ownership(bucketOwners ? Optional.empty() : Optional.of(owner), list.map(AccessList::json));
  }

  /** The list that PutBucketAcl or PutObjectAcl sets. */
  AccessList wanted(Bucket bucket, AccountId owner, Map<String, Object> request) {
    if (!listsCount(bucket.name())) {
      requireNoList(request);
      if (request.get("AccessControlPolicy") instanceof Map<?, ?> document
          && requests.ofDocument(document, owner).onlyOwner(owner) || request.get("ACL") != null) {
        return AccessList.ofOwner(owner);
      }
      throw notSupported();
    }
    Optional<AccessList> named = requests.ofHeaders(request, owner, bucket.account());
    boolean body = request.get("AccessControlPolicy") != null;
    if (named.isPresent() && body) {
      throw S3Fault.of("UnexpectedContent", 400, "This request does not support content");
    }
    if (named.isEmpty() && !body) {
      throw S3Fault.of("MissingSecurityHeader", 400, "Your request was missing a required header");
    }
    AccessList wanted = named.orElseGet(() ->
        requests.ofDocument((Map<?, ?>) request.get("AccessControlPolicy"), owner));
    requireUnblocked(bucket.name(), wanted);
    return wanted;
  }

  /** The list of a bucket that is to be made; empty for the owner's full control alone. */
  Optional<AccessList> ofNewBucket(AccountId owner, ObjectOwnership rule, Map<String, Object> request) {
    Optional<AccessList> list = requests.ofHeaders(request, owner, owner).filter(wanted -> !wanted.onlyOwner(owner));
    if (list.isPresent() && rule == ObjectOwnership.ENFORCED) {
      throw S3Fault.of("InvalidBucketAclWithObjectOwnership", 400,
          "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting");
    }
    if (list.filter(AccessList::isPublic).isPresent()) {
      throw S3Fault.of("InvalidBucketAclWithBlockPublicAccessError", 400,
          "Bucket cannot have public ACLs set with BlockPublicAccess enabled");
    }
    return list;
  }

  private void requireUnblocked(String bucket, AccessList wanted) {
    if (wanted.isPublic() && block(bucket).blockAcls()) {
      throw S3Fault.accessDenied();
    }
  }

  /** Without lists only those are taken that change nothing. */
  private static void requireNoList(Map<String, Object> request) {
    Optional<String> canned = Requests.text(request, "ACL");
    boolean changes = AccessListRequests.names(request)
        && canned.filter(acl -> acl.equals("private") || acl.equals("bucket-owner-full-control")).isEmpty();
    if (changes) {
      throw notSupported();
    }
  }

  private static Fault notSupported() {
    return S3Fault.of("AccessControlListNotSupported", 400, "The bucket does not allow ACLs");
  }

  /** Who decides about an access to a bucket or an object in it, and by which statements; empty without the bucket. */
  Optional<Holding> holding(String name, Access access) {
    return store.buckets().find(name).map(bucket -> {
      Optional<PolicyDocument> policy = store.buckets().document(name, BucketDocumentApi.POLICY)
          .map(text -> accounts.named(PolicyDocument.parse(text, PolicyDocument.Kind.RESOURCE)));
      PublicAccessBlock block = block(name);
      if (block.restrict() && policy.filter(PublicPolicy::is).isPresent()) {
        policy = policy.map(document -> within(document, bucket.account()));
      }
      return listsCount(name) ? listed(bucket, policy, block, access) : new Holding(bucket.account(), policy);
    });
  }

  private Holding listed(Bucket bucket, Optional<PolicyDocument> policy, PublicAccessBlock block, Access access) {
    int slash = access.resource().indexOf('/');
    boolean ofObject = slash > 0 && OF_OBJECT.containsKey(access.action())
        && !(access.action().equals("s3:PutObjectAcl") && access.keys().containsKey(CREATION));
    if (!ofObject) {
      Optional<String> permission = Optional.ofNullable(OF_BUCKET.get(access.action()));
      return new Holding(bucket.account(), joined(policy, permission.map(needed ->
          ofBucket(bucket).statements(Set.of(needed, AccessList.FULL_CONTROL), block.ignoreAcls())).orElse(List.of())));
    }
    Ownership stored = ownershipOf(bucket.name(), access.resource().substring(slash + 1), access.keys());
    AccountId owner = owner(bucket, stored);
    List<Statement> statements = ofObject(bucket, stored).statements(
        Set.of(OF_OBJECT.get(access.action()), AccessList.FULL_CONTROL), block.ignoreAcls());
    // a bucket's policy lets nobody at objects that are not its owner's, but it can keep everybody away from them
    Optional<PolicyDocument> bucketPolicy = owner.equals(bucket.account()) ? policy : policy.map(document ->
        new PolicyDocument(document.version(), document.statements().stream()
            .filter(statement -> statement.effect() == Statement.Effect.DENY).toList()));
    return new Holding(owner, joined(bucketPolicy, statements));
  }

  private Ownership ownershipOf(String bucket, String key, Map<String, List<String>> keys) {
    Optional<String> version = keys.getOrDefault("s3:versionid", List.of()).stream().findFirst();
    try {
      return store.require(new ObjectName(bucket, key, version)).attributes().ownership();
    } catch (Fault absent) {
      // the operation itself says what is wrong with the name
      return Ownership.OF_BUCKET;
    }
  }

  private static Optional<PolicyDocument> joined(Optional<PolicyDocument> policy, List<Statement> more) {
    if (more.isEmpty()) {
      return policy;
    }
    List<Statement> all = new ArrayList<>(policy.map(PolicyDocument::statements).orElse(List.of()));
    all.addAll(more);
    return Optional.of(new PolicyDocument(policy.map(PolicyDocument::version).orElse("2012-10-17"), all));
  }

  /** The policy, with allows for principals of the account and for services alone. */
  private static PolicyDocument within(PolicyDocument policy, AccountId account) {
    Statement.Condition own = PolicyDocument.parse("""
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*",
          "Condition": {"StringEquals": {"aws:PrincipalAccount": "%s"}}}]}
        """.formatted(account.value()), PolicyDocument.Kind.RESOURCE).statements().getFirst().conditions().getFirst();
    return new PolicyDocument(policy.version(), policy.statements().stream().map(statement -> {
      boolean services = !statement.principals().containsKey("AWS") && statement.principals().containsKey("Service");
      if (statement.effect() == Statement.Effect.DENY || services) {
        return statement;
      }
      List<Statement.Condition> conditions = new ArrayList<>(statement.conditions());
      conditions.add(own);
      return new Statement(statement.sid(), statement.effect(), statement.notAction(), statement.actions(),
          statement.notResource(), statement.resources(), statement.notPrincipal(), statement.principals(), conditions);
    }).toList());
  }
}
