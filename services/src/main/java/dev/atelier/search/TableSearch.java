package dev.atelier.search;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.TagStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Resources whose rows are in a table with the columns {@code arn}, {@code account} and {@code region}.
 *
 * @param type their ResourceType
 * @param arn the member that holds a resource's ARN
 * @param arnType what their ARNs' resource part begins with, such as {@code training-job/}
 * @param descriptions begins a search of a caller's
 */
public record TableSearch(MetadataStore metadata, TagStore tags, String type, String arn, String table, String arnType,
    Function<Caller, Description> descriptions) implements Searchable {

  /** Shows single resources as SearchRecord does. */
  @FunctionalInterface
  public interface Description {

    /**
     * @param tags as TagList has them
     * @return empty when it is gone by now
     */
    Optional<Map<String, Object>> of(Arn arn, List<Map<String, String>> tags);
  }

  @Override
  public void each(Caller caller, Consumer<Map<String, Object>> found) {
    List<String> arns = metadata.read(tx -> tx.createQuery(
            "select arn from " + table + " where account = :account and region = :region")
        .bind("account", caller.account().value()).bind("region", caller.region().name()).mapTo(String.class).list());
    Description description = descriptions.apply(caller);
    for (String text : arns) {
      Arn resource = Arn.parse(text).orElseThrow();
      if (resource.resource().startsWith(arnType)) {
        // one by one: the documents of all of them may be large
        description.of(resource, metadata.read(tx -> tags.all(tx, text)).entrySet().stream()
            .map(tag -> Map.of("Key", tag.getKey(), "Value", tag.getValue())).toList()).ifPresent(found);
      }
    }
  }
}
