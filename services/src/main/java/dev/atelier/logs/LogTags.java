package dev.atelier.logs;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.logs.LogStore.Place;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.TagStore;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** The tags of log groups, by the group's ARN. */
final class LogTags {
  private final MetadataStore metadata;
  private final TagStore store;

  LogTags(MetadataStore metadata, TagStore store) {
    this.metadata = metadata;
    this.store = store;
  }

  static Arn arn(Place place, String group) {
    return Arn.of("logs", place.region(), place.account(), "log-group:" + group);
  }

  void add(Handle tx, Arn arn, Map<String, String> tags) {
    Map<String, String> all = new LinkedHashMap<>(store.all(tx, arn.toString()));
    all.putAll(tags);
    if (all.size() > TagStore.MOST) {
      throw new Fault("TooManyTagsException", 400, "A resource can have at most " + TagStore.MOST + " tags.");
    }
    store.add(tx, arn.toString(), tags);
  }

  void add(Arn arn, Map<String, String> tags) {
    metadata.write(tx -> {
      add(tx, arn, tags);
      return true;
    });
  }

  Map<String, String> all(Arn arn) {
    return metadata.read(tx -> store.all(tx, arn.toString()));
  }

  void delete(Arn arn, Collection<String> keys) {
    metadata.write(tx -> {
      store.delete(tx, arn.toString(), keys);
      return true;
    });
  }

  void deleteAll(Handle tx, Arn arn) {
    store.deleteAll(tx, arn.toString());
  }
}
