package dev.atelier.tuning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.Arn;
import dev.atelier.metadata.KeysetQuery;
import dev.atelier.metadata.KeysetQuery.Direction;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Page;
import dev.atelier.models.sagemaker.ListTrainingJobsForHyperParameterTuningJobRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import org.jdbi.v3.core.statement.SqlStatement;

/** The rows of trials and of their epochs. */
final class TrialStore {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String[] COLUMNS = {"tuning_job", "number", "name", "definition", "tuned", "begun", "status",
      "objective_status", "objective", "stop", "failure_reason", "created_at", "started_at", "ended_at"};

  private final MetadataStore store;

  TrialStore(MetadataStore store) {
    this.store = store;
  }

  /** All trials of a tuning job, in order. */
  List<Trial> of(Arn job) {
    return store.read(tx -> tx.createQuery("select * from tuning_trial where tuning_job = :job order by number")
        .bind("job", job.toString()).map((row, context) -> trial(row)).list());
  }

  Optional<Trial> find(Arn job, String name) {
    return store.read(tx -> tx.createQuery("select * from tuning_trial where tuning_job = :job and lower(name) = :name")
        .bind("job", job.toString()).bind("name", name).map((row, context) -> trial(row)).findOne());
  }

  /** Writes a trial that was chosen; false when the tuning job has moved on, or is gone, since it was chosen for. */
  boolean insert(TuningJob job, Trial trial) {
    return store.write(tx -> bound(tx.createUpdate("""
            insert into tuning_trial (tuning_job, number, name, definition, tuned, begun, status, objective_status,
              objective, stop, failure_reason, created_at, started_at, ended_at)
            select :job, :number, :name, :definition, :tuned, :begun, :status, :objective_status, :objective, :stop,
              :reason, :created, :started, :ended
            from tuning_job where arn = :job and state = :state"""), job, trial)
        .bind("state", job.state().name()).bind("name", trial.name()).bind("definition", trial.definition())
        .bind("tuned", write(trial.tuned())).bind("stop", trial.stop()).execute()) == 1;
  }

  /** Writes how a trial stands now. */
  void update(TuningJob job, Trial trial) {
    store.write(tx -> {
      tx.createUpdate("update tuning_job set modified_at = :now where arn = :job")
          .bind("now", trial.endedAt().or(trial::startedAt).orElse(trial.createdAt()).toEpochMilli())
          .bind("job", job.arn().toString()).execute();
      return bound(tx.createUpdate("""
              update tuning_trial set begun = :begun, status = :status, objective_status = :objective_status,
                objective = :objective, failure_reason = :reason, created_at = :created, started_at = :started,
                ended_at = :ended
              where tuning_job = :job and number = :number"""), job, trial).execute();
    });
  }

  /** Notes why a trial is ended early, before it is; the first reason counts. */
  void stop(Arn job, Trial trial, String why) {
    store.write(tx -> tx.createUpdate("""
            update tuning_trial set stop = :why where tuning_job = :job and number = :number and stop = ''""")
        .bind("why", why).bind("job", job.toString()).bind("number", trial.number()).execute());
  }

  private static <S extends SqlStatement<S>> S bound(S statement, TuningJob job, Trial trial) {
    return statement.bind("job", job.arn().toString()).bind("number", trial.number()).bind("begun", trial.begun())
        .bind("status", trial.status()).bind("objective_status", trial.objectiveStatus())
        .bind("objective", trial.objective()).bind("reason", trial.failureReason().orElse(""))
        .bind("created", trial.createdAt().toEpochMilli())
        .bind("started", trial.startedAt().map(Instant::toEpochMilli).orElse(0L))
        .bind("ended", trial.endedAt().map(Instant::toEpochMilli).orElse(0L));
  }

  Page<Trial> list(TuningJob job, ListTrainingJobsForHyperParameterTuningJobRequest request) {
    String by = Optional.ofNullable(request.sortBy()).orElse("Name");
    KeysetQuery query = KeysetQuery.from("tuning_trial", COLUMNS).equal("tuning_job", job.arn().toString())
        .equal("status", Optional.ofNullable(request.statusEquals()))
        .sortBy(switch (by) {
          case "CreationTime" -> "created_at";
          case "Status" -> "status";
          case "FinalObjectiveMetricValue" -> "objective";
          default -> "name";
        }, "number", Direction.of(Optional.ofNullable(request.sortOrder()), Direction.ASCENDING));
    if (by.equals("FinalObjectiveMetricValue")) {
      // SageMaker leaves out what returned no objective
      query.equal("objective_status", Trial.SUCCEEDED);
    }
    OptionalInt most = request.maxResults() == null ? OptionalInt.empty() : OptionalInt.of(request.maxResults());
    return store.read(tx -> query.page(tx, most, Optional.ofNullable(request.nextToken()),
        (row, context) -> trial(row)));
  }

  /**
   * Adds losses of a trial after the epochs it has, and tells how many it had.
   *
   * @param kept the epochs that are asked for later; of the others the last alone is stored
   */
  int addEpochs(Arn job, Trial trial, List<Double> losses, IntPredicate kept) {
    return store.write(tx -> {
      Optional<Losses> last = tx.createQuery("""
              select * from tuning_epoch where tuning_job = :job and number = :number order by epoch desc limit 1""")
          .bind("job", job.toString()).bind("number", trial.number())
          .map((row, context) -> new Losses(row.getInt("epoch"), row.getDouble("loss"), row.getDouble("total"),
              row.getDouble("carry"), row.getDouble("least"))).findOne();
      last.filter(row -> !kept.test(row.epoch())).ifPresent(row -> tx.createUpdate("""
              delete from tuning_epoch where tuning_job = :job and number = :number and epoch = :epoch""")
          .bind("job", job.toString()).bind("number", trial.number()).bind("epoch", row.epoch()).execute());
      Losses now = last.orElse(Losses.NONE);
      for (int i = 0; i < losses.size(); i++) {
        now = now.and(losses.get(i));
        if (kept.test(now.epoch()) || i == losses.size() - 1) {
          tx.createUpdate("""
                  insert into tuning_epoch (tuning_job, number, epoch, loss, total, carry, least)
                  values (:job, :number, :epoch, :loss, :total, :carry, :least)""").bind("job", job.toString())
              .bind("number", trial.number()).bind("epoch", now.epoch()).bind("loss", now.loss())
              .bind("total", now.total()).bind("carry", now.carry()).bind("least", now.least()).execute();
        }
      }
      return last.map(Losses::epoch).orElse(0);
    });
  }

  /** A trial's place, from 0, among those of its definition. */
  int place(Arn job, Trial trial) {
    return store.read(tx -> tx.createQuery("""
            select count(*) from tuning_trial
            where tuning_job = :job and definition = :definition and number < :number""")
        .bind("job", job.toString()).bind("definition", trial.definition()).bind("number", trial.number())
        .mapTo(Integer.class).one());
  }

  /** The losses of the other trials of a trial's definition after an epoch, by their places among them. */
  Map<Integer, Double> losses(Arn job, Trial trial, int epoch) {
    return store.read(tx -> {
      Map<Integer, Double> losses = new LinkedHashMap<>();
      tx.createQuery("""
              with placed as (select number, row_number() over (order by number) - 1 as place from tuning_trial
                where tuning_job = :job and definition = :definition)
              select place, loss from tuning_epoch join placed using (number)
              where tuning_job = :job and epoch = :epoch and number <> :number""")
          .bind("job", job.toString()).bind("definition", trial.definition()).bind("epoch", epoch)
          .bind("number", trial.number())
          .map((row, context) -> losses.put(row.getInt("place"), row.getDouble("loss"))).list();
      return losses;
    });
  }

  /** The averages up to an epoch of the trials that have ended well and reached it. */
  double[] averages(Arn job, int definition, int epoch) {
    return store.read(tx -> tx.createQuery("""
            select (e.total + e.carry) / e.epoch from tuning_epoch e join tuning_trial t using (tuning_job, number)
            where e.tuning_job = :job and e.epoch = :epoch and t.definition = :definition and t.status = 'Completed'""")
        .bind("job", job.toString()).bind("definition", definition).bind("epoch", epoch).mapTo(Double.class).list())
        .stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** A trial's least loss within its first epochs, the last of which is kept. */
  double best(Arn job, Trial trial, int epochs) {
    return store.read(tx -> tx.createQuery("""
            select least from tuning_epoch where tuning_job = :job and number = :number and epoch = :epochs""")
        .bind("job", job.toString()).bind("number", trial.number()).bind("epochs", epochs).mapTo(Double.class).one());
  }

  /** Forgets the epochs of a job that has ended. */
  void forgetEpochs(Arn job) {
    store.write(tx -> tx.createUpdate("delete from tuning_epoch where tuning_job = :job")
        .bind("job", job.toString()).execute());
  }

  private static Trial trial(ResultSet row) throws SQLException {
    return new Trial(row.getInt("number"), row.getString("name"), row.getInt("definition"),
        read(row.getString("tuned")), row.getBoolean("begun"), row.getString("status"),
        row.getString("objective_status"), row.getDouble("objective"), row.getString("stop"),
        Optional.of(row.getString("failure_reason")).filter(reason -> !reason.isEmpty()),
        Instant.ofEpochMilli(row.getLong("created_at")), instant(row.getLong("started_at")),
        instant(row.getLong("ended_at")));
  }

  private static Optional<Instant> instant(long millis) {
    return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }

  private static String write(Map<String, String> values) {
    try {
      return JSON.writeValueAsString(values);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> read(String text) {
    try {
      return JSON.readValue(text, new TypeReference<LinkedHashMap<String, String>>() { });
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
