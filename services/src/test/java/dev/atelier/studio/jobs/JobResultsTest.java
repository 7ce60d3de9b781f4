package dev.atelier.studio.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.jobs.JobBench;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.objects.BodyChecks;
import dev.atelier.objects.Conditions;
import dev.atelier.objects.ObjectAttributes;
import dev.atelier.studio.KernelApps.Place;
import dev.atelier.studio.StudioBucket;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run's archive holds what its notebook left there, links included. */
class JobResultsTest {
  private static final Arn OWNER =
      Arn.parse("arn:aws:sagemaker:us-east-1:123456789012:user-profile/d-1/ann").orElseThrow();
  private static final Work WORK = new Work("nightly", "work.ipynb", "ml.m5.large", "", "python", "python3", Map.of(),
      Map.of(), JobBench.ROLE, "s3://in", "s3://" + JobBench.BUCKET, "", "", new Work.KmsKeys("", ""),
      new Work.Vpc(List.of(), List.of()), "s3://in/1");

  @TempDir Path root;

  private static byte[] archive() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      TarArchiveEntry link = new TarArchiveEntry("link.log", TarConstants.LF_SYMLINK);
      link.setLinkName("/etc/passwd");
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
      byte[] content = "told".getBytes(StandardCharsets.UTF_8);
      TarArchiveEntry file = new TarArchiveEntry("work.log");
      file.setSize(content.length);
      tar.putArchiveEntry(file);
      tar.write(content);
      tar.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }

  @Test
  void aLinkIsNoFile() throws Exception {
    FakeComputeBackend backend = new FakeComputeBackend(host -> Script.running(""), Clock.systemUTC());
    try (JobBench bench = new JobBench(root, backend, Clock.systemUTC())) {
      NotebookJob job = NotebookJob.fresh("1", OWNER, "", WORK, Instant.EPOCH);
      bench.objects().put(JobBench.BUCKET, job.trainingJob() + "/output/output.tar.gz",
          new ByteArrayInputStream(archive()), ObjectAttributes.NONE, BodyChecks.NONE, Conditions.NONE);
      Place place = new Place(OWNER, "JupyterLab", OWNER, JobBench.ACCOUNT, JobBench.REGION, "d-1", Optional.of("ann"),
          Optional.empty(), Arn.parse(JobBench.ROLE));
      JobResults results = new JobResults(new StudioBucket(bench.platform().roles(), null));
      assertThat(results.file(place, job, "work.log")).asString(StandardCharsets.UTF_8).isEqualTo("told");
      assertThatThrownBy(() -> results.file(place, job, "link.log")).isInstanceOf(Fault.class)
          .hasMessageContaining("has left no link.log");
    }
  }
}
