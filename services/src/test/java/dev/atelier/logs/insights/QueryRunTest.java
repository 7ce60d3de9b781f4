package dev.atelier.logs.insights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryRunTest {
  private static final long START = 1_800_000_000_000L;
  private static final List<String> MESSAGES = List.of(
      "{\"level\":\"INFO\",\"ms\":10,\"user\":{\"name\":\"ann\"}}", "{\"level\":\"ERROR\",\"ms\":30}",
      "GET /a took 20 ms", "{\"level\":\"INFO\",\"ms\":50,\"user\":{\"name\":\"bob\"}}", "loss=0.25 epoch=3");

  private static String result(String text) {
    QueryRun run = new QueryRun(Query.parse(text), 1_000);
    for (int i = 0; i < MESSAGES.size(); i++) {
      run.add(new Row(Map.of("@timestamp", Times.shown(START + i * 60_000L), "@message", MESSAGES.get(i),
          "@logStream", "s" + i % 2)));
    }
    return run.result().stream().map(row -> row.entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue()).collect(Collectors.joining(",")))
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {
    "fields ms | filter level = 'INFO'; ms=50 ms=10", "fields ms | sort ms asc | filter ispresent(ms); ms=10 ms=30 ms=50",
    "filter ms > 20 | display ms * 2 as twice; twice=100 twice=60", "filter @message like /took \\d+/ | display strlen(@message) as n; n=17",
    "filter @message like 'epoch' | parse @message 'loss=* epoch=*' as loss, epoch | display loss, epoch; loss=0.25,epoch=3",
    "parse @message /took (?<took>\\d+)/ | filter ispresent(took) | display took + 1 as more; more=21",
    "stats count(*) as n; n=5", "stats count(ms) as n, sum(ms) as s, avg(ms) as a, min(ms) as lo, max(ms) as hi; n=3,s=90,a=30,lo=10,hi=50",
    "filter ispresent(level) | stats count(*) as n by level | sort n desc; level=INFO,n=2 level=ERROR,n=1",
    "stats pct(ms, 50) as p; p=30", "stats count_distinct(level) as d; d=2", "stats latest(ms) as l, earliest(ms) as e; l=50,e=10",
    "fields user.name | filter user.name in ['ann', 'x']; user.name=ann", "fields ms | limit 2 | filter ispresent(ms); ms=50",
    "filter not (level = 'INFO') and ispresent(ms) | display ms; ms=30", "filter level not in ['INFO'] and ispresent(ms) | display ms; ms=30",
    "filter ispresent(level) | dedup level | display level; level=INFO level=ERROR", "stats max(ms) by @logStream | sort @logStream; @logStream=s0,max(ms)=10 @logStream=s1,max(ms)=50",
    "display toupper(concat(level, '-', ms)) as x | filter x like 'ERROR-30'; x=ERROR-30", "stats stddev(ms) as s | display floor(s) as f; f=16",
    "filter level =~ /^ERR/ | display ms / 10 as t; t=3"})
  void comesTo(String query, String expected) {
    assertThat(result(query)).isEqualTo(expected);
  }

  @Test
  void timesAreBinned() {
    assertThat(result("stats count(*) as n by bin(2m) as t | sort t asc"))
        .isEqualTo("t=2027-01-15 08:00:00.000,n=2 t=2027-01-15 08:02:00.000,n=2 t=2027-01-15 08:04:00.000,n=1");
  }

  @Test
  void newestComeFirstWithTimeAndMessage() {
    assertThat(result("limit 1")).isEqualTo("@timestamp=2027-01-15 08:04:00.000,@message=loss=0.25 epoch=3");
    assertThat(result("")).startsWith("@timestamp=2027-01-15 08:04:00.000");
  }

  @Test
  void onlyTheNewestAreKeptWhereTheySuffice() {
    QueryRun run = new QueryRun(Query.parse("fields @message"), 10);
    for (int i = 0; i < 10_000; i++) {
      run.add(new Row(Map.of("@timestamp", Times.shown(START + i), "@message", Integer.toString(i))));
    }
    assertThat(run.result()).hasSize(10).first().extracting(row -> row.get("@message")).isEqualTo("9999");
    assertThat(run.matched()).isEqualTo(10_000);
  }

  private static QueryRun run(String query, int rows) {
    QueryRun run = new QueryRun(Query.parse(query), 2_000);
    for (int i = 0; i < rows; i++) {
      run.add(new Row(Map.of("@timestamp", Times.shown(START + i),
          "@message", "{\"n\":\"" + i + "\",\"a\":\"" + i + "x".repeat(9_000) + "\"}")));
    }
    return run;
  }

  private static String manyTimes(String part, int times) {
    return String.join(", ", Collections.nCopies(times, part));
  }

  static List<String> whatKeepsTooMuch() {
    return List.of("stats count(*) by @message", "stats count(*) by a", "stats count(*) by concat(@message, 'y')",
        "stats max(@message) by @timestamp", "stats min(@message) by @timestamp", "stats sortslast(a) by n",
        "stats earliest(@message) by n", "stats latest(@message) by n", "stats count_distinct(@message)",
        "fields concat(" + manyTimes("@message", 20) + ") as long",
        "fields toupper(@message) as a, tolower(@message) as b",
        "filter ispresent(a)", "parse @message /.(?<p>(?<q>(?<r>(?<s>(?<t>(?<u>.+))))))/");
  }

  @ParameterizedTest
  @MethodSource("whatKeepsTooMuch")
  void everythingThatIsKeptCounts(String query) {
    assertThatThrownBy(() -> run(query, 6_000)).isInstanceOf(QueryRun.TooMany.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"filter a like 'nothing'", "fields @timestamp, @message", "sort n desc | limit 10",
    "stats count(*) as c, max(@message) as m, latest(@message) as l, sum(n) as s by strlen(a) as k",
    "fields @message as m, @message as o | display strlen(m)", "stats count(*) by toupper(substr(a, 5, 100))",
    "fields tolower(@message) as b | limit 100"})
  void whatIsNotKeptDoesNotCount(String query) {
    assertThat(run(query, 6_000).result()).hasSizeLessThanOrEqualTo(2_000);
  }

  @Test
  void whatIsMadeAfterSortingAndWhatIsAnsweredCounts() {
    for (String query : List.of("sort n | fields toupper(@message) as b, tolower(@message) as c",
        "display @message as m, @message as o, @message as p",
        "sort @timestamp | dedup toupper(@message), tolower(@message)")) {
      QueryRun run = run(query, 2_000);
      assertThatThrownBy(run::result).as(query).isInstanceOf(QueryRun.TooMany.class);
    }
  }

  @Test
  void textsThatFunctionsMakeAreBounded() {
    String replaced = "replace(".repeat(4) + "@message" + ", 'x', 'xxxxxxxxxx')".repeat(4);
    for (String made : List.of("concat(" + manyTimes("@message", 500) + ")", replaced, replaced.replace("'x',", "'',"),
        "concat(" + manyTimes("strlen(toupper(@message))", 380) + ", " + manyTimes("tolower(a)", 200) + ")")) {
      assertThatThrownBy(() -> run("filter strlen(" + made + ") > 0", 1)).as(made)
          .isInstanceOf(QueryRun.TooMany.class);
    }
    assertThat(result("limit 1 | display strlen(replace(@message, 'o', '000')) as n, replace('ab', '', '-') as e"))
        .isEqualTo("n=21,e=-a-b-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fields", "foo bar", "filter (", "stats foo(*)", "limit x", "parse @message 'a*' as b, c",
    "parse @message /(/", "fields a | ", "filter a like /(/", "sort", "parse @message /no groups/", "stats ms",
    "stats count(*) by bin(0s)", "stats count(*) by bin(99999999999999h)", "fields datefloor(@timestamp, 1x)"})
  void cannotBeRead(String query) {
    assertThatThrownBy(() -> Query.parse(query)).isInstanceOf(QueryError.class);
  }

  @Test
  void nestingIsBounded() {
    assertThatThrownBy(() -> Query.parse("filter " + "(".repeat(5_000))).isInstanceOf(QueryError.class);
    assertThatThrownBy(() -> Query.parse("filter " + "-".repeat(5_000) + "1")).isInstanceOf(QueryError.class);
    for (String chain : List.of("+1", "*1", "^1", " and 1", " or 1")) {
      assertThatThrownBy(() -> Query.parse("filter 1" + chain.repeat(1_600))).as(chain)
          .isInstanceOfSatisfying(QueryError.class, error -> assertThat(error).hasMessageContaining("nested"));
      // chains that each are short enough, one within the other
      String within = "(".repeat(20) + "1" + (chain.repeat(60) + ")").repeat(20);
      assertThatThrownBy(() -> Query.parse("filter " + within)).as(within).isInstanceOf(QueryError.class);
    }
  }

  @Test
  void whatIsLongAndNotDeepIsRead() {
    assertThat(result("filter ispresent(ms) and (ms = 10" + " or ms = 30".repeat(400) + ") | display ms"))
        .isEqualTo("ms=30 ms=10");
    assertThat(result("filter ms not in [-1" + ", -1".repeat(300) + ", 10] and ispresent(ms) | display ms"))
        .isEqualTo("ms=50 ms=30");
  }
}
