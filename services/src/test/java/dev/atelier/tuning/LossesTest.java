package dev.atelier.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossesTest {
  private static final int EPOCHS = 3_000;

  private static double loss(Random random, String kind) {
    return switch (kind) {
      case "equal" -> 0.1;
      case "falling" -> 1 / (1 + random.nextDouble());
      default -> random.nextGaussian() * Math.pow(10, random.nextInt(24) - 12);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"equal", "falling", "wild"})
  void whatIsKeptSaysTheSameAsAllLossesToSqlite(String kind) throws SQLException {
    Random random = new Random(7);
    List<Double> all = DoubleStream.generate(() -> loss(random, kind)).limit(EPOCHS).boxed().toList();
    try (Connection database = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      database.createStatement().execute("create table epoch (number integer primary key, loss real)");
      try (PreparedStatement insert = database.prepareStatement("insert into epoch values (?, ?)")) {
        for (int i = 0; i < EPOCHS; i++) {
          insert.setInt(1, i + 1);
          insert.setDouble(2, all.get(i));
          insert.execute();
        }
      }
      ResultSet rows = database.createStatement().executeQuery("""
          select avg(loss) over so_far as average, min(loss) over so_far as least from epoch
          window so_far as (order by number) order by number""");
      Losses losses = Losses.NONE;
      for (double each : all) {
        losses = losses.and(each);
        rows.next();
        assertThat((losses.total() + losses.carry()) / losses.epoch()).isEqualTo(rows.getDouble("average"));
        assertThat(losses.least()).isEqualTo(rows.getDouble("least"));
      }
    }
  }

  @Test
  void everyEpochOfANormalLogIsComparedAndFewOfALongOne() {
    assertThat(IntStream.rangeClosed(1, 1_000)).allMatch(Losses::compared);
    assertThat(IntStream.rangeClosed(1, 10_000_000).filter(Losses::compared).count()).isEqualTo(1_000 + 4 * 900);
    assertThat(IntStream.of(1_010, 9_990, 10_100, 100_000)).allMatch(Losses::compared);
    assertThat(IntStream.of(1_001, 1_015, 10_010, 100_100)).noneMatch(Losses::compared);
  }
}
