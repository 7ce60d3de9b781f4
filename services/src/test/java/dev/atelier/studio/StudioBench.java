package dev.atelier.studio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.entry.Entries;
import dev.atelier.jobs.JobBench;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.kernel.Fault;
import dev.atelier.operation.OperationTable;
import dev.atelier.runtimes.ImageRequest;
import dev.atelier.runtimes.Images;
import dev.atelier.runtimes.PreparedImage;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Studio over a folder, called as the dispatcher calls it; opened again it is the server after a kill. */
final class StudioBench implements AutoCloseable {
  static final String ROLE = JobBench.ROLE;
  private final JobBench jobs;
  private final StudioFeature studio;
  private final OperationTable instead = new OperationTable();

  StudioBench(Path root, Clock clock) {
    this(root, clock, true);
  }

  /** @param resumed whether what was being made is taken up, which a killed server did not get to */
  StudioBench(Path root, Clock clock, boolean resumed) {
    jobs = new JobBench(root, new FakeComputeBackend(host -> Script.running("up\n"), clock), clock);
    studio = jobs.keep(new StudioFeature(platform(), jobs.operations(),
        new Entries(jobs.platform().metadata(), clock), id -> "token", label -> "http://" + label + ".studio.localhost"));
    if (resumed) {
      studio.resume();
    }
  }

  /** The bench's platform with a catalogue of one image. */
  JobPlatform platform() {
    JobPlatform bench = jobs.platform();
    return new JobPlatform(bench.metadata(), bench.tags(), bench.sessions(), bench.roles(), new OneImage(),
        bench.backend(), bench.capacity(), bench.staging(), bench.logs(), bench.metrics(), bench.pump(), bench.live(),
        bench.clock());
  }

  /** Knows the image {@code python} alone. */
  private static final class OneImage implements Images {
    @Override
    public PreparedImage prepare(ImageRequest request, Consumer<String> progress) {
      throw new UnsupportedOperationException("nothing runs here");
    }

    @Override
    public Optional<String> refusal(String uri) {
      return uri.matches("(.*/)?python(:.*)?") ? Optional.empty()
          : Optional.of("The image " + uri + " is not in the catalogue. Known repositories: python.");
    }
  }

  StudioFeature studio() {
    return studio;
  }

  JobBench jobs() {
    return jobs;
  }

  /** The volumes that hold files. */
  Set<String> volumes() {
    return jobs.platform().backend().volumes();
  }

  /** Operations that are called in the place of the feature's. */
  OperationTable instead() {
    return instead;
  }

  Map<String, Object> call(String operation, Object... members) {
    return instead.find("sagemaker", operation).<Map<String, Object>>map(own ->
        own.perform(JobBench.CALLER, map(members))).orElseGet(() -> jobs.call("sagemaker", operation, map(members)));
  }

  static Map<String, Object> map(Object... members) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int at = 0; at < members.length; at += 2) {
      map.put((String) members[at], members[at + 1]);
    }
    return map;
  }

  void refused(String code, String message, String operation, Object... members) {
    assertThatThrownBy(() -> call(operation, members)).isInstanceOfSatisfying(Fault.class, fault -> {
      assertThat(fault.code()).isEqualTo(code);
      assertThat(fault.getMessage()).contains(message);
      assertThat(fault.status()).isEqualTo(400);
    });
  }

  /** A domain in service; its id. */
  String domain(Object... more) {
    Map<String, Object> request = map("DomainName", "lab", "AuthMode", "IAM", "DefaultUserSettings",
        Map.of("ExecutionRole", ROLE));
    request.putAll(map(more));
    String id = (String) jobs.call("sagemaker", "CreateDomain", request).get("DomainId");
    awaitStatus("InService", "DescribeDomain", "DomainId", id);
    return id;
  }

  /** A profile in service. */
  void profile(String domain, String name, Object... more) {
    Map<String, Object> request = map("DomainId", domain, "UserProfileName", name);
    request.putAll(map(more));
    jobs.call("sagemaker", "CreateUserProfile", request);
    awaitStatus("InService", "DescribeUserProfile", "DomainId", domain, "UserProfileName", name);
  }

  /** Waits for a status: that of the member whose name ends with Status, or {@code gone}. */
  void awaitStatus(String status, String describe, Object... members) {
    JobBench.await(describe + " answers " + status, () -> status.equals(status(describe, members)));
  }

  String status(String describe, Object... members) {
    try {
      return (String) call(describe, members).entrySet().stream()
          .filter(entry -> entry.getKey().endsWith("Status")).findFirst().orElseThrow().getValue();
    } catch (Fault e) {
      return e.code().equals("ResourceNotFound") ? "gone" : e.getMessage();
    }
  }

  /** One member of every item of a list. */
  static List<Object> each(Map<String, Object> answer, String list, String member) {
    return ((List<?>) answer.getOrDefault(list, List.of())).stream()
        .<Object>map(item -> ((Map<?, ?>) item).get(member)).toList();
  }

  @Override
  public void close() throws Exception {
    jobs.close();
  }
}
