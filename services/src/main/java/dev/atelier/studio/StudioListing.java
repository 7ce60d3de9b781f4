package dev.atelier.studio;

import dev.atelier.kernel.Caller;
import dev.atelier.metadata.KeysetQuery;
import dev.atelier.metadata.KeysetQuery.Direction;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Page;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * The members that Studio's List operations share, under the several names that they have there ({@code
 * LastModifiedTimeAfter} and {@code ModifiedTimeAfter}, {@code CreationTime} and {@code CREATION_TIME}).
 */
final class StudioListing {
  private final Map<String, Object> request;
  private final KeysetQuery query;

  private StudioListing(Map<String, Object> request, KeysetQuery query) {
    this.request = request;
    this.query = query;
  }

  /**
   * The caller's resources of a kind that the request asks for.
   *
   * @param order of a request that names none
   */
  static StudioListing of(Caller caller, ResourceKind kind, Map<String, Object> request, Direction order) {
    KeysetQuery query = KeysetQuery.from("studio_resource", StudioStore.COLUMNS).equal("kind", kind.arnType());
    return of(caller, query, request, order);
  }

  /** As the other, on rows of another table with columns of the same names. */
  static StudioListing of(Caller caller, KeysetQuery query, Map<String, Object> request, Direction order) {
    StudioListing listing = new StudioListing(request, query);
    query.equal("account", caller.account().value()).equal("region", caller.region().name())
        .contains("name", listing.text("NameContains").or(() -> listing.text("UserProfileNameContains"))
            .or(() -> listing.text("SpaceNameContains")))
        .after("created_at", listing.time("CreationTimeAfter")).before("created_at", listing.time("CreationTimeBefore"))
        .after("modified_at", listing.time("LastModifiedTimeAfter").or(() -> listing.time("ModifiedTimeAfter")))
        .before("modified_at", listing.time("LastModifiedTimeBefore").or(() -> listing.time("ModifiedTimeBefore")))
        .sortBy(listing.sortColumn(), "arn", listing.text("SortOrder")
            .map(asked -> asked.equalsIgnoreCase("Ascending") ? Direction.ASCENDING : Direction.DESCENDING)
            .orElse(order));
    return listing;
  }

  /** Keeps rows whose column has this value. */
  StudioListing equal(String column, Object value) {
    query.equal(column, value);
    return this;
  }

  /** Keeps rows whose column contains the text. */
  StudioListing containing(String column, Optional<String> part) {
    query.contains(column, part);
    return this;
  }

  /** As {@link #equal} with a member of the request, when it has it. */
  StudioListing where(String column, String member) {
    query.equal(column, text(member));
    return this;
  }

  Page<StudioResource> page(StudioStore store) {
    return page(store.rows(), (row, context) -> StudioStore.resource(row));
  }

  <T> Page<T> page(MetadataStore rows, RowMapper<T> mapper) {
    OptionalInt most = request.get("MaxResults") instanceof Integer value ? OptionalInt.of(value) : OptionalInt.empty();
    return rows.read(tx -> query.page(tx, most, text("NextToken"), mapper));
  }

  private String sortColumn() {
    return switch (text("SortBy").orElse("").replace("_", "").toLowerCase(Locale.ROOT)) {
      case "name", "imagename" -> "name";
      case "lastmodifiedtime" -> "modified_at";
      case "version" -> "number";
      default -> "created_at";
    };
  }

  private Optional<String> text(String member) {
    return Optional.ofNullable((String) request.get(member));
  }

  private Optional<Instant> time(String member) {
    return Optional.ofNullable((Instant) request.get(member));
  }
}
