package dev.atelier.studio;

import dev.atelier.identity.RequestAccess;
import dev.atelier.kernel.Arn;
import dev.atelier.metadata.MetadataStore;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What policies may ask about a space that is stored: who owns it, and whether it is shared. */
public final class SpaceConditions implements RequestAccess.Spaces {
  private final MetadataStore metadata;

  public SpaceConditions(MetadataStore metadata) {
    this.metadata = metadata;
  }

  @Override
  public Map<String, String> of(String arn) {
    Optional<StudioResource> space =
        Arn.parse(arn).flatMap(parsed -> metadata.read(tx -> StudioStore.find(tx, parsed)));
    Map<String, String> keys = new HashMap<>();
    space.flatMap(found -> SpaceRules.owner(found.document()).map(owner -> new Arn(found.arn().partition(),
            found.arn().service(), found.arn().region(), found.arn().account(),
            "user-profile/" + found.parent() + "/" + owner.toLowerCase(Locale.ROOT))))
        .ifPresent(owner -> keys.put("sagemaker:OwnerUserProfileArn", owner.toString()));
    space.map(found -> found.structure("SpaceSharingSettings").get("SharingType"))
        .ifPresent(type -> keys.put("sagemaker:SpaceSharingType", (String) type));
    return keys;
  }
}
