package dev.atelier.metadata;

import dev.atelier.kernel.Fault;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jdbi.v3.core.Handle;

/**
 * The tags of every resource, by its ARN. Methods take the handle of the caller's unit of work, so that a resource and
 * its tags appear and go together.
 */
public final class TagStore {
  /** How many tags one resource can have. */
  public static final int MOST = 50;

  /**
   * Adds tags; a name that is there gets the new value.
   *
   * @throws Fault ResourceLimitExceeded: more than {@link #MOST} tags
   */
  public void add(Handle handle, String arn, Map<String, String> tags) {
    tags.forEach((name, value) -> handle.createUpdate("""
            INSERT INTO tag (arn, name, value) VALUES (:arn, :name, :value)
            ON CONFLICT (arn, name) DO UPDATE SET value = excluded.value
            """)
        .bind("arn", arn).bind("name", name).bind("value", value).execute());
    long count = handle.createQuery("SELECT count(*) FROM tag WHERE arn = :arn")
        .bind("arn", arn).mapTo(Long.class).one();
    if (count > MOST) {
      throw Fault.limitExceeded("The account-level service limit 'Tags per resource' is " + MOST
          + " Tags, with a request for " + count + " Tags on " + arn + ".");
    }
  }

  /** All tags of a resource by name; empty for a resource without tags. */
  public Map<String, String> all(Handle handle, String arn) {
    Map<String, String> tags = new LinkedHashMap<>();
    handle.createQuery("SELECT name, value FROM tag WHERE arn = :arn ORDER BY name")
        .bind("arn", arn)
        .map((row, context) -> Map.entry(row.getString("name"), row.getString("value")))
        .forEach(tag -> tags.put(tag.getKey(), tag.getValue()));
    return tags;
  }

  /** One page of a resource's tags, by name. */
  public Page<Map.Entry<String, String>> list(Handle handle, String arn, OptionalInt maxResults,
      Optional<String> nextToken) {
    return KeysetQuery.from("tag", "arn", "name", "value")
        .equal("arn", arn)
        .sortBy("name", "name", KeysetQuery.Direction.ASCENDING)
        .pageSize(MOST, 100)
        .page(handle, maxResults, nextToken,
            (row, context) -> Map.entry(row.getString("name"), row.getString("value")));
  }

  /** Removes tags by name; names that are not there are passed over. */
  public void delete(Handle handle, String arn, Collection<String> names) {
    names.forEach(name -> handle.createUpdate("DELETE FROM tag WHERE arn = :arn AND name = :name")
        .bind("arn", arn).bind("name", name).execute());
  }

  /** Removes all tags of a resource, with the resource. */
  public void deleteAll(Handle handle, String arn) {
    handle.createUpdate("DELETE FROM tag WHERE arn = :arn").bind("arn", arn).execute();
  }
}
