package dev.atelier.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class EventStreamTest {
  private static final String MINE = "arn:aws:sagemaker:us-east-1:123456789012:model/";
  private final EventStream stream = new EventStream("123456789012");

  private static Set<String> models(int from, int count) {
    return IntStream.range(from, from + count).mapToObj(i -> MINE + i).collect(Collectors.toSet());
  }

  @Test
  void whatCameIsToldOnce() throws Exception {
    stream.changed(models(0, 2));
    stream.changed(models(1, 2));
    assertThat(stream.await(Duration.ofHours(1)).arns()).isEqualTo(models(0, 3));
    EventStream.News none = stream.await(Duration.ZERO);
    assertThat(none.arns()).isEmpty();
    assertThat(none.lost() || none.ended()).isFalse();
  }

  @Test
  void moreThanIsKeptIsLostAndSaidToBe() throws Exception {
    stream.changed(models(0, EventStream.MOST));
    stream.changed(models(EventStream.MOST, 1));
    EventStream.News news = stream.await(Duration.ofHours(1));
    assertThat(news.lost()).isTrue();
    assertThat(news.arns()).isEmpty();
    stream.changed(models(0, 1));
    assertThat(stream.await(Duration.ofHours(1))).isEqualTo(new EventStream.News(models(0, 1), false, false));
  }

  @Test
  void nothingIsNoNewsAndAnEndIs() throws Exception {
    stream.changed(Set.of());
    assertThat(stream.await(Duration.ZERO)).isEqualTo(new EventStream.News(Set.of(), false, false));
    stream.end();
    assertThat(stream.await(Duration.ofHours(1))).isEqualTo(new EventStream.News(Set.of(), false, true));
  }

  @Test
  void aNudgeWakes() throws Exception {
    stream.nudge();
    assertThat(stream.await(Duration.ofHours(1))).isEqualTo(new EventStream.News(Set.of(), false, false));
  }
}
