package dev.atelier.studio;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tags that a resource gets for being made inside a domain: which domain it is of, and which profile or space. Where
 * the domain propagates its tags, those come along, too. A resource's own tags win.
 */
final class InheritedTags {
  private final StudioStore store;

  InheritedTags(StudioStore store) {
    this.store = store;
  }

  /**
   * All tags of a new resource.
   *
   * @param owner the profile or space that it belongs to
   * @param own what its request asks for
   */
  Map<String, String> of(StudioResource domain, Optional<StudioResource> owner, Map<String, String> own) {
    Map<String, String> tags = new LinkedHashMap<>();
    if (domain.text("TagPropagation").filter("ENABLED"::equals).isPresent()) {
      tags.putAll(store.tags(domain.arn()));
      owner.ifPresent(each -> tags.putAll(store.tags(each.arn())));
    }
    tags.put("sagemaker:domain-arn", domain.arn().toString());
    owner.ifPresent(each -> tags.put("sagemaker:" + each.kind().arnType() + "-arn", each.arn().toString()));
    tags.putAll(own);
    return tags;
  }
}
