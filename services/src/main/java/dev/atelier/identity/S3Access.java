package dev.atelier.identity;

import dev.atelier.identity.Authoriser.Access;
import dev.atelier.identity.RequestAccess.ObjectTags;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.AuthorisationTable.Entry;
import dev.atelier.models.OperationModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What requests to S3 need beyond the tables, by what else they do: tag, grant, copy, configure a new bucket. */
final class S3Access {
  private static final String REPLACE = "REPLACE";
  private static final String VERSION = "?versionId=";

  private final ObjectTags tags;

  S3Access(ObjectTags tags) {
    this.tags = tags;
  }

  /**
   * The rights, of which S3 asks each.
   *
   * @param resources what the operation itself is checked against
   * @param keys condition keys of the request
   */
  List<Access> of(Caller caller, OperationModel operation, Entry entry, Map<String, Object> input,
      Set<String> resources, Map<String, List<String>> keys) {
    List<Access> needed = new ArrayList<>();
    Optional<Source> source = text(input, "CopySource").map(Source::of);
    if (entry.actions().contains("s3:PutObject")) {
      boolean copiesTags = operation.name().equals("CopyObject") && !REPLACE.equals(input.get("TaggingDirective"))
          && source.filter(from -> !tags.of(from.bucket(), from.key(), from.version()).isEmpty()).isPresent();
      if (copiesTags) {
        needed.add(read(caller, source.orElseThrow(), "Tagging", keys));
      }
      if (copiesTags || text(input, "Tagging").isPresent()) {
        resources.forEach(resource -> needed.add(Access.of("s3:PutObjectTagging", resource).with(keys)));
      }
      if (namesAcl(input)) {
        resources.forEach(resource -> needed.add(Access.of("s3:PutObjectAcl", resource).with(keys)
            .with(Map.of("s3:objectcreationoperation", List.of("true")))));
      }
    }
    if (operation.name().equals("CreateBucket")) {
      ofNewBucket(input).forEach(action ->
          resources.forEach(resource -> needed.add(Access.of(action, resource).with(keys))));
    }
    source.ifPresent(from -> needed.add(read(caller, from, "", keys)));
    return needed;
  }

  private static List<String> ofNewBucket(Map<String, Object> input) {
    List<String> actions = new ArrayList<>();
    if (text(input, "ObjectOwnership").isPresent()) {
      actions.add("s3:PutBucketOwnershipControls");
    }
    if (namesAcl(input)) {
      actions.add("s3:PutBucketAcl");
    }
    if (Boolean.TRUE.equals(input.get("ObjectLockEnabledForBucket"))) {
      actions.add("s3:PutBucketObjectLockConfiguration");
      actions.add("s3:PutBucketVersioning");
    }
    if (input.get("CreateBucketConfiguration") instanceof Map<?, ?> configuration
        && configuration.get("Tags") instanceof List<?> list && !list.isEmpty()) {
      actions.add("s3:TagResource");
    }
    return actions;
  }

  private static boolean namesAcl(Map<String, Object> input) {
    return input.keySet().stream().anyMatch(member -> member.startsWith("Grant"))
        || text(input, "ACL").filter(acl -> !acl.equals("private")).isPresent();
  }

  /** What a copy is made of. */
  private record Source(String bucket, String key, Optional<String> version) {
    static Source of(String header) {
      String path = header.startsWith("/") ? header.substring(1) : header;
      int query = path.indexOf(VERSION);
      String decoded = EncodedPath.decode(query < 0 ? path : path.substring(0, query)).orElseThrow(() ->
          new Fault("InvalidArgument", 400, EncodedPath.NO_COPY_SOURCE,
              Map.of("ArgumentName", "x-amz-copy-source", "ArgumentValue", header)));
      int slash = decoded.indexOf('/');
      return new Source(slash < 0 ? decoded : decoded.substring(0, slash),
          slash < 0 ? "" : decoded.substring(slash + 1),
          query < 0 ? Optional.empty() : Optional.of(path.substring(query + VERSION.length())));
    }
  }

  private Access read(Caller caller, Source source, String part, Map<String, List<String>> keys) {
    Map<String, List<String>> own = new HashMap<>(keys);
    own.keySet().removeIf(key -> key.startsWith("s3:existingobjecttag/"));
    own.putAll(ConditionKeys.ofObjectTags(tags.of(source.bucket(), source.key(), source.version())));
    source.version().ifPresent(version -> own.put("s3:versionid", List.of(version)));
    return Access.of("s3:GetObject" + (source.version().isPresent() ? "Version" : "") + part,
        "arn:" + caller.partition().id() + ":s3:::" + source.bucket() + "/" + source.key()).with(own);
  }

  private static Optional<String> text(Map<String, Object> input, String member) {
    return input.get(member) instanceof String text && !text.isEmpty() ? Optional.of(text) : Optional.empty();
  }
}
