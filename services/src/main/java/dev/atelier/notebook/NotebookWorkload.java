package dev.atelier.notebook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Mount;
import dev.atelier.compute.NetworkPolicy;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.jobs.WorkloadIds;
import dev.atelier.kernel.Arn;
import dev.atelier.runtimes.PreparedImage;
import dev.atelier.runtimes.RuntimeCatalogue;
import dev.atelier.studio.NotebookChoices.Repository;
import dev.atelier.studio.NotebookChoices.Scripts;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A notebook instance's program as a workload: JupyterLab over its volume, behind a token. */
final class NotebookWorkload {
  static final String HOST = "notebook";
  /** The image of every platform identifier; what differs from AWS's is told in the log. */
  static final String IMAGE = "notebook-instance";
  static final String BASE_PATH = "/";
  static final String ON_CREATE = "1-OnCreate.sh";
  private static final String HOME = "/home/ec2-user";
  private static final String FILES = HOME + "/SageMaker";
  private static final String SCRIPTS = "/opt/.sagemakerinternal/lifecycle";
  private static final int PORT = 8888;
  private static final int USER = 1000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private NotebookWorkload() {}

  static WorkloadId id(NotebookInstance notebook) {
    return WorkloadIds.of("n", notebook.arn(), notebook.createdAt(), notebook.attempt());
  }

  /** The volume's name; another notebook instance of the name has another. */
  static String volume(NotebookInstance notebook) {
    return WorkloadIds.of("nb", notebook.arn(), notebook.createdAt(), 0).value();
  }

  /** The first label of the host; the same for every notebook instance of the name. */
  static String label(Arn notebook) {
    return WorkloadIds.of("notebook", notebook, Instant.EPOCH, 0).value();
  }

  /** Whether an ARN is of a notebook instance, which may be gone. */
  static boolean isOf(Arn arn) {
    return arn.service().equals("sagemaker") && arn.resource().startsWith("notebook-instance/");
  }

  /** What the notebook instance starts with. @param token what requests must bring */
  record Ingredients(PreparedImage image, Resources resources, Scripts scripts, List<Repository> repositories,
      String token) {
    @Override
    public String toString() {
      return "Ingredients[" + image + ", " + resources + "]";
    }
  }

  static WorkloadSpec spec(NotebookInstance notebook, Ingredients with) {
    List<String> command = new ArrayList<>(with.image().launcher());
    command.addAll(List.of("python", RuntimeCatalogue.INSIDE + "/python/notebook.py"));
    Map<String, String> scripts = scripts(notebook, with.scripts());
    List<Mount> mounts = List.of(new Mount.Volume(FILES, volume(notebook), notebook.volumeBytes()), new Mount.Texts(SCRIPTS, scripts),
        new Mount.Texts("/opt/ml/metadata", Map.of("resource-metadata.json", json(Map.of(
            "ResourceArn", notebook.arn().toString(), "ResourceName", notebook.name())))));
    Map<String, String> environment = Map.of(
        "HOME", HOME,
        "USER", "ec2-user",
        "JUPYTER_TOKEN", with.token(),
        "AWS_REGION", notebook.region().name(),
        "AWS_DEFAULT_REGION", notebook.region().name(),
        "ATELIER_NOTEBOOK", json(Map.of(
            "root", FILES,
            "repositories", with.repositories().stream().map(NotebookWorkload::repository).toList(),
            "scripts", scripts.keySet().stream()
                .map(file -> Map.of("hook", file.replaceAll("[0-9]-|\\.sh", ""), "path", SCRIPTS + "/" + file)).toList(),
            "sudo", notebook.rootAccess(),
            "examples", RuntimeCatalogue.INSIDE + "/python/labextensions/atelier-examples")));
    HostSpec host = new HostSpec(HOST, with.image().image(), command, environment, FILES, mounts, with.resources(),
        PORT, USER, USER);
    return new WorkloadSpec(id(notebook), notebook.arn().toString(), List.of(host), NetworkPolicy.PLATFORM);
  }

  /** By file name, in the order in which they run: the first one until it has run to its end once. */
  private static Map<String, String> scripts(NotebookInstance notebook, Scripts scripts) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (!notebook.configured()) {
      scripts.onCreate().ifPresent(text -> texts.put(ON_CREATE, text));
    }
    scripts.onStart().ifPresent(text -> texts.put("2-OnStart.sh", text));
    return texts;
  }

  /** The folder that a repository is cloned to is named as git names it. */
  private static Map<String, Object> repository(Repository repository) {
    Map<String, Object> wanted = new LinkedHashMap<>();
    wanted.put("url", repository.url());
    wanted.put("folder", folder(repository));
    wanted.put("branch", repository.branch().orElse(null));
    return wanted;
  }

  static String folder(Repository repository) {
    String name = repository.url().replaceFirst("[?#].*", "").replaceFirst("/+$", "").replaceFirst("\\.git$", "")
        .replaceFirst(".*/", "").replaceAll("[^A-Za-z0-9._-]", "_");
    return name.isEmpty() || name.startsWith(".") ? "repository" + name : name;
  }

  private static String json(Object value) {
    try {
      return new String(JSON.writeValueAsBytes(value), StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
