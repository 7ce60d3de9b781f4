package dev.atelier.identity;

import dev.atelier.kernel.Fault;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Tags of IAM's entities. Names are unique without regard to case; order is that of the first tagging. */
public final class EntityTags {
  private static final int MOST = 50;

  private final IdentityRows store;
  private final Generation generation;

  EntityTags(IdentityRows store, Generation generation) {
    this.store = store;
    this.generation = generation;
  }

  /** One tag. */
  public record Tag(String name, String value) {}

  /**
   * Checks the tags of a request.
   *
   * @throws Fault InvalidInput or LimitExceeded
   */
  static void check(List<Tag> tags) {
    Set<String> names = new HashSet<>();
    for (Tag tag : tags) {
      if (!names.add(tag.name().toLowerCase(Locale.ROOT))) {
        throw new Fault("InvalidInput", 400,
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
      }
      if (tag.name().toLowerCase(Locale.ROOT).startsWith("aws:")) {
        throw new Fault("InvalidInput", 400, "The tag key cannot begin with the reserved prefix aws:.");
      }
    }
    if (tags.size() > MOST) {
      throw new Fault("LimitExceeded", 409, "The number of tags has reached the maximum limit.");
    }
  }

  /** Adds tags or gives them new values; names keep the spelling of the newest request. */
  public void put(String entity, List<Tag> tags) {
    check(tags);
    store.write(tx -> {
      tags.forEach(tag -> put(tx, entity, tag));
      int count = tx.createQuery("select count(*) from iam_tag where entity = :entity")
          .bind("entity", entity).mapTo(Integer.class).one();
      if (count > MOST) {
        throw new Fault("LimitExceeded", 409, "The number of tags has reached the maximum limit.");
      }
      return count;
    });
    generation.changed();
  }

  /** Tags a new entity within its own transaction; nothing when no row of it was written. */
  static boolean insert(Handle tx, String entity, List<Tag> tags, int rows) {
    if (rows == 1) {
      tags.forEach(tag -> put(tx, entity, tag));
    }
    return rows == 1;
  }

  private static void put(Handle tx, String entity, Tag tag) {
    tx.createUpdate("""
            insert into iam_tag (entity, folded, name, value) values (:entity, lower(:name), :name, :value)
            on conflict (entity, folded) do update set name = excluded.name, value = excluded.value""")
        .bind("entity", entity).bind("name", tag.name()).bind("value", tag.value()).execute();
  }

  /** Removes tags by name; those that are not there are passed over. */
  public void remove(String entity, List<String> names) {
    store.write(tx -> {
      names.forEach(name -> tx.createUpdate("delete from iam_tag where entity = :entity and folded = lower(:name)")
          .bind("entity", entity).bind("name", name).execute());
      return true;
    });
    generation.changed();
  }

  public List<Tag> of(String entity) {
    return store.read(tx -> tx.createQuery("select name, value from iam_tag where entity = :entity order by place")
        .bind("entity", entity).map((row, context) -> new Tag(row.getString("name"), row.getString("value"))).list());
  }
}
