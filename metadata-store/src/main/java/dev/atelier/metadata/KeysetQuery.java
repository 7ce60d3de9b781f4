package dev.atelier.metadata;

import dev.atelier.kernel.Fault;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;

/**
 * The SELECT behind a List operation: filters, a sort column with a unique tie-breaker, and pages that start after the
 * last row of the page before, so that rows added or removed meanwhile never make another row appear twice or not at
 * all. Column names come from the list given at the start, never from a request; values are always bound. Times are
 * columns of epoch milliseconds. Sort columns hold no NULL.
 */
public final class KeysetQuery {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
  private static final int DEFAULT_RESULTS = 10;
  private static final int MOST_RESULTS = 100;

  /** The order of a listing, in SageMaker's words. */
  public enum Direction {
    ASCENDING(">", "ASC"),
    DESCENDING("<", "DESC");

    private final String beyond;
    private final String sql;

    Direction(String beyond, String sql) {
      this.beyond = beyond;
      this.sql = sql;
    }

    /** {@code Ascending}, {@code Descending}, or {@code otherwise} for none. */
    public static Direction of(Optional<String> sortOrder, Direction otherwise) {
      return sortOrder.map(order -> order.equals("Ascending") ? ASCENDING : DESCENDING).orElse(otherwise);
    }
  }

  private final String table;
  private final Set<String> columns;
  private final List<String> conditions = new ArrayList<>();
  private final Map<String, Object> values = new LinkedHashMap<>();
  private String sort = "";
  private String tie = "";
  private Direction direction = Direction.ASCENDING;
  private int defaultResults = DEFAULT_RESULTS;
  private int mostResults = MOST_RESULTS;

  private KeysetQuery(String table, Set<String> columns) {
    this.table = table;
    this.columns = columns;
  }

  /** A listing of all {@code columns} of a table; only these can be filtered and sorted by. */
  public static KeysetQuery from(String table, String... columns) {
    KeysetQuery query = new KeysetQuery(name(table), Set.copyOf(Arrays.asList(columns)));
    query.columns.forEach(KeysetQuery::name);
    return query;
  }

  /** Keeps rows whose column has this value (text, number or boolean). */
  public KeysetQuery equal(String column, Object value) {
    return condition(known(column) + " = " + bound(value));
  }

  /** As {@link #equal(String, Object)} when there is a value. */
  public KeysetQuery equal(String column, Optional<?> value) {
    value.ifPresent(present -> equal(column, present));
    return this;
  }

  /** Keeps rows whose column is one of these values; none keeps no row. */
  public KeysetQuery oneOf(String column, List<?> accepted) {
    String list = String.join(", ", accepted.stream().map(this::bound).toList());
    return condition(known(column) + " IN (" + list + ")");
  }

  /** Keeps rows whose column contains the text, in whatever case. */
  public KeysetQuery contains(String column, Optional<String> text) {
    // no backslash: the statement's reader would take it for one that escapes the quote after it
    text.ifPresent(part -> condition("lower(" + known(column) + ") LIKE lower("
        + bound("%" + part.replaceAll("([!%_])", "!$1") + "%") + ") ESCAPE '!'"));
    return this;
  }

  /** Keeps rows whose column has the text somewhere, letter by letter. */
  public KeysetQuery holds(String column, Optional<String> text) {
    text.ifPresent(part -> condition("instr(" + known(column) + ", " + bound(part) + ") > 0"));
    return this;
  }

  /** Keeps rows strictly before a time. */
  public KeysetQuery before(String column, Optional<Instant> time) {
    time.ifPresent(limit -> condition(known(column) + " < " + bound(limit.toEpochMilli())));
    return this;
  }

  /** Keeps rows strictly after a time. */
  public KeysetQuery after(String column, Optional<Instant> time) {
    time.ifPresent(limit -> condition(known(column) + " > " + bound(limit.toEpochMilli())));
    return this;
  }

  /** The order; {@code tie} is unique among the rows that the filters keep. */
  public KeysetQuery sortBy(String column, String tieBreaker, Direction order) {
    sort = known(column);
    tie = known(tieBreaker);
    direction = order;
    return this;
  }

  /** Page sizes other than 10 by default and 100 at most. */
  public KeysetQuery pageSize(int byDefault, int most) {
    defaultResults = byDefault;
    mostResults = most;
    return this;
  }

  /**
   * Reads one page.
   *
   * @throws Fault ValidationException: the token is not of this query, or maxResults is out of bounds
   */
  public <T> Page<T> page(Handle handle, OptionalInt maxResults, Optional<String> nextToken, RowMapper<T> mapper) {
    int limit = maxResults.orElse(defaultResults);
    if (limit < 1 || limit > mostResults) {
      throw Fault.validation("MaxResults must be between 1 and " + mostResults + ", got " + limit);
    }
    String print = print();
    Optional<PageToken> start = nextToken.filter(token -> !token.isEmpty())
        .map(token -> PageToken.decode(token, print));
    List<Row<T>> rows = rows(handle, start, limit + 1, mapper);
    if (rows.size() <= limit) {
      return new Page<>(rows.stream().map(Row::item).toList(), Optional.empty());
    }
    Row<T> last = rows.get(limit - 1);
    String token = new PageToken(last.sortValue, last.tie, print).encode();
    return new Page<>(rows.subList(0, limit).stream().map(Row::item).toList(), Optional.of(token));
  }

  private <T> List<Row<T>> rows(Handle handle, Optional<PageToken> start, int limit, RowMapper<T> mapper) {
    if (sort.isEmpty()) {
      throw new IllegalStateException("a keyset query needs an order");
    }
    List<String> where = new ArrayList<>(conditions);
    start.ifPresent(token ->
        where.add("(" + sort + ", " + tie + ") " + direction.beyond + " (:keyset_sort, :keyset_tie)"));
    String sql = "SELECT " + String.join(", ", columns.stream().sorted().toList())
        + ", " + sort + " AS keyset_sort, " + tie + " AS keyset_tie FROM " + table
        + (where.isEmpty() ? "" : " WHERE " + String.join(" AND ", where))
        + " ORDER BY " + sort + " " + direction.sql + ", " + tie + " " + direction.sql + " LIMIT " + limit;
    try (Query query = handle.createQuery(sql)) {
      query.bindMap(values);
      start.ifPresent(token -> query.bind("keyset_sort", token.sortValue()).bind("keyset_tie", token.tie()));
      return query.map((row, context) ->
          new Row<>(mapper.map(row, context), row.getObject("keyset_sort"), row.getObject("keyset_tie"))).list();
    }
  }

  private KeysetQuery condition(String sql) {
    conditions.add(sql);
    return this;
  }

  private String bound(Object value) {
    String parameter = "keyset_" + values.size();
    values.put(parameter, value);
    return ":" + parameter;
  }

  private String known(String column) {
    if (!columns.contains(column)) {
      throw new IllegalArgumentException("not a column of this listing: " + column);
    }
    return column;
  }

  private static String name(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a plain SQL name: " + name);
    }
    return name;
  }

  /** Twelve characters that differ between queries whose pages must not be mixed. */
  private String print() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String text = table + conditions + values + sort + " " + tie + " " + direction;
      byte[] hash = digest.digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().encodeToString(hash).substring(0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private record Row<T>(T item, Object sortValue, Object tie) {}
}
