package dev.atelier.kms;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kms.KeyAccess.Circumstances;
import dev.atelier.metadata.Page;
import dev.atelier.models.NoOutput;
import dev.atelier.models.kms.KmsOperations;
import dev.atelier.models.kms.ListResourceTagsRequest;
import dev.atelier.models.kms.ListResourceTagsResponse;
import dev.atelier.models.kms.Tag;
import dev.atelier.models.kms.TagResourceRequest;
import dev.atelier.models.kms.UntagResourceRequest;
import dev.atelier.operation.OperationTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tags of keys. */
final class KeyTagApi {
  private final Keys keys;
  private final KeyAccess access;

  KeyTagApi(Keys keys, KeyAccess access) {
    this.keys = keys;
    this.access = access;
  }

  void register(OperationTable table) {
    table.on(KmsOperations.tagResource(), this::tagResource)
        .on(KmsOperations.untagResource(), this::untagResource)
        .on(KmsOperations.listResourceTags(), this::listResourceTags);
  }

  /** @throws Fault TagException */
  static Map<String, String> tags(List<Tag> tags) {
    Map<String, String> result = new LinkedHashMap<>();
    for (Tag tag : tags) {
      if (tag.tagKey().toLowerCase(Locale.ROOT).startsWith("aws:")) {
        throw new Fault("TagException", 400, "aws: prefixed tag key names are not allowed for external use.");
      }
      if (result.put(tag.tagKey(), tag.tagValue()) != null) {
        throw new Fault("TagException", 400, "Duplicate tag keys");
      }
    }
    return result;
  }

  NoOutput tagResource(Caller caller, TagResourceRequest request) {
    keys.tag(KeyApi.own(keys, access, caller, "TagResource", request.keyId()), tags(request.tags()));
    return new NoOutput();
  }

  NoOutput untagResource(Caller caller, UntagResourceRequest request) {
    keys.untag(KeyApi.own(keys, access, caller, "UntagResource", request.keyId()), request.tagKeys());
    return new NoOutput();
  }

  ListResourceTagsResponse listResourceTags(Caller caller, ListResourceTagsRequest request) {
    Key key = access.require(keys, caller, "ListResourceTags", request.keyId(), Circumstances.NONE);
    Page<Map.Entry<String, String>> page = keys.tags(key, KeyApi.paging(request.limit(), request.marker()));
    return ListResourceTagsResponse.builder()
        .tags(page.items().stream().map(tag ->
            Tag.builder().tagKey(tag.getKey()).tagValue(tag.getValue()).build()).toList())
        .truncated(page.nextToken().isPresent()).nextMarker(page.nextToken().orElse(null)).build();
  }
}
