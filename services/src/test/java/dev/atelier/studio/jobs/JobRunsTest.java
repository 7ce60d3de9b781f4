package dev.atelier.studio.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.jobs.JobBench;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Region;
import dev.atelier.studio.RoleActions;
import dev.atelier.studio.jobs.Work.KmsKeys;
import dev.atelier.studio.jobs.Work.Vpc;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs are begun as training jobs, each whatever becomes of the others. */
class JobRunsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T23:15:30Z");
  private static final Arn OWNER =
      Arn.parse("arn:aws:sagemaker:us-east-1:123456789012:user-profile/d-1/ann").orElseThrow();
  private static final Work WORK = new Work("nightly", "work.ipynb", "ml.m5.large", "", "python", "python3", Map.of(),
      Map.of(), JobBench.ROLE, "s3://in", "s3://out", "", "", new KmsKeys("", ""), new Vpc(List.of(), List.of()),
      "s3://in/1");

  @TempDir Path root;
  private final BlockingQueue<Object> asked = new LinkedBlockingQueue<>();
  private JobBench bench;
  private NotebookJobStore store;
  private JobRuns runs;

  /** SageMaker, which takes whatever it is asked for. */
  private final class Taken implements RoleActions {
    @Override
    public JsonNode perform(Arn role, Region region, String operation, Map<String, Object> request) {
      asked.add(request.get("TrainingJobName"));
      return JsonNodeFactory.instance.objectNode();
    }

    @Override
    public void makeBucket(Arn role, Region region, String bucket) {
      throw new UnsupportedOperationException(bucket);
    }
  }

  @BeforeEach
  void open() {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    bench = new JobBench(root, new FakeComputeBackend(host -> Script.running(""), clock), clock);
    bench.platform().metadata().write(tx -> tx.execute("""
        insert into studio_resource (arn, kind, account, region, parent, name, number, document, state, status, version,
          token, created_at, modified_at) values (?, 'USER_PROFILE', '', '', '', '', 0, '{}', '', '', 0, '', 0, 0)""",
        OWNER.toString()));
    store = new NotebookJobStore(bench.platform().metadata());
    runs = bench.keep(new JobRuns(store, owner -> Arn.parse(JobBench.ROLE), new Taken(), clock));
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }

  @Test
  void aDefinitionThatCannotBeReadHoldsUpNoOther() throws Exception {
    for (String id : List.of("bad", "good")) {
      Instant due = NOW.minusSeconds(id.equals("bad") ? 60 : 30);
      store.insert(new Definition(id, OWNER, WORK, "rate(1 hour)", true, due, Optional.of(due), due, due));
    }
    bench.platform().metadata().write(tx ->
        tx.execute("update notebook_job_definition set work = '?' where id = 'bad'"));
    runs.start();
    assertThat(asked.poll(10, TimeUnit.SECONDS)).asString().matches("nightly-[0-9a-f]{12}");
    assertThat(store.jobs(OWNER)).singleElement().satisfies(run -> assertThat(run.definition()).isEqualTo("good"));
  }

  @Test
  void aRunHasAnOwnerUntilItsTrainingJobIsMade() {
    NotebookJob run = NotebookJob.fresh("0123456789ab", OWNER, "", WORK, NOW);
    store.insert(run);
    String training = "arn:aws:sagemaker:us-east-1:%s:training-job/nightly-0123456789ab";
    assertThat(store.owner(Arn.parse(training.formatted("123456789012")).orElseThrow())).contains(OWNER);
    assertThat(store.owner(Arn.parse(training.formatted("210987654321")).orElseThrow())).isEmpty();
    runs.begin(run);
    assertThat(asked).containsExactly("nightly-0123456789ab");
    assertThat(store.owner(Arn.parse(training.formatted("123456789012")).orElseThrow())).isEmpty();
  }
}
