package dev.atelier.identity;

import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Session policies of a request, inline and managed, and how much of the room for them they take with the tags. */
final class SessionPolicies {
  /** Characters of policies, and of tags, that fill the room; AWS packs into a size it does not tell. */
  private static final int ROOM = 2048;

  private final Entitlements entitlements;

  SessionPolicies(Entitlements entitlements) {
    this.entitlements = entitlements;
  }

  /** @throws Fault NoSuchEntity, MalformedPolicyDocument */
  List<String> of(Caller caller, Optional<String> inline, List<String> arns) {
    List<String> documents = new ArrayList<>();
    inline.ifPresent(text -> {
      PolicyDocument.parse(text, PolicyDocument.Kind.IDENTITY);
      documents.add(text);
    });
    for (String text : arns) {
      Arn arn = Arn.parse(ManagedPolicies.canonical(text)).orElseThrow();
      boolean own = arn.account().equals("aws") || arn.account().equals(caller.account().value());
      documents.add(Optional.of(arn.toString()).filter(each -> own).flatMap(entitlements::document)
          .orElseThrow(() -> new Fault("ValidationError", 400, "Policy " + text + " does not exist.")));
    }
    return documents;
  }

  /**
   * Percent of the room.
   *
   * @throws Fault PackedPolicyTooLarge
   */
  static int packed(Optional<String> inline, List<String> arns, Map<String, String> tags) {
    int size = inline.map(ManagedPolicies::size).orElse(0) + arns.stream().mapToInt(String::length).sum()
        + tags.entrySet().stream().mapToInt(tag -> tag.getKey().length() + tag.getValue().length()).sum();
    int percent = (100 * size + ROOM - 1) / ROOM;
    if (percent > 100) {
      throw new Fault("PackedPolicyTooLarge", 400, "Packed policy consumes " + percent
          + "% of allotted space, please use smaller policy.");
    }
    return percent;
  }
}
