package dev.atelier.runtimes;

import dev.atelier.compute.Image;
import dev.atelier.compute.Image.Layer;
import dev.atelier.runtimes.ImageRequest.Program;
import dev.atelier.runtimes.Pythons.Python;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The images that Atelier can run on its own: Python frameworks in cached environments, algorithms on the JVM. */
public final class RuntimeCatalogue implements Images {
  /** Where hosts see what their images are made of. */
  public static final String INSIDE = "/opt/atelier";
  private static final String ENVIRONMENT = INSIDE + "/environment";
  private static final String PYTHON = INSIDE + "/python";
  private static final String LAB = INSIDE + "/lab";
  private static final String INTERPRETER = INSIDE + "/interpreter";
  /** What runs notebooks, beside the image's own packages, which need not agree with it. */
  private static final String NOTEBOOK_JOB = "notebook-job";
  private static final String DEBIAN = INSIDE + "/debian";
  private static final String JAVA = "/opt/java";
  private static final String ALGORITHMS = INSIDE + "/algorithms";
  private static final String JARS = INSIDE + "/jars";

  private final PythonEnvironments environments;
  private final DebianPackages packages;
  private final MavenJars jars;
  private final Path python;
  private final Path algorithms;
  private final Path lab;
  private final Path trust;
  private final Map<String, String> mappings;
  private final List<Recipe> recipes = Recipe.all();

  /**
   * @param cache the folder of environments
   * @param python the folder of what must live inside Python images; Maven's wrapper lies beside it
   * @param algorithms the folder of the built algorithms
   * @param lab the folder of JupyterLab's extensions, empty where they could not be built
   * @param trust the folder of certificates that every image gets to see
   * @param mappings image names (repository, or repository:tag) to names of the catalogue, from the configuration
   * @param indexes further package indexes
   */
  public RuntimeCatalogue(Path cache, Path python, Path algorithms, Path lab, Path trust,
      Map<String, String> mappings, List<String> indexes) {
    this.environments = new PythonEnvironments(cache, Path.of("/usr/bin/python3"), indexes);
    this.packages = new DebianPackages(cache);
    this.jars = new MavenJars(cache, python.resolveSibling("mvnw"));
    this.python = python;
    this.algorithms = algorithms;
    this.lab = lab;
    this.trust = trust;
    this.mappings = Map.copyOf(mappings);
  }

  @Override
  public PreparedImage prepare(ImageRequest request, Consumer<String> progress) {
    ImageUri uri = ImageUri.parse(mapped(request.uri())).orElseThrow(() -> unknown(request.uri()));
    Recipe recipe = recipe(request.uri()).orElseThrow(() -> unknown(request.uri()));
    return recipe.jvmAlgorithm().isPresent() && request.program() == Program.ALGORITHM
        ? algorithm(uri, recipe) : python(uri, recipe, request.program(), progress);
  }

  @Override
  public Optional<String> refusal(String uri) {
    return recipe(uri).isPresent() ? Optional.empty() : Optional.of(unknown(uri).getMessage());
  }

  @Override
  public List<String> differences(String uri) {
    return ImageUri.parse(mapped(uri)).flatMap(image -> recipe(uri)
        .filter(recipe -> recipe.jvmAlgorithm().isEmpty())
        .map(recipe -> differences(image, recipe.debianPackages().isEmpty() ? recipe.version() : "",
            provides(recipe, recipe.version()), Optional.of(environments.pythonVersion())))).orElse(List.of());
  }

  private static String provides(Recipe recipe, String version) {
    return recipe.provides() + (recipe.provides().contains(version) ? "" : " " + version);
  }

  @Override
  public Map<String, String> metrics(ImageRequest request) {
    return request.program() == Program.ALGORITHM
        ? recipe(request.uri()).map(Recipe::algorithmMetrics).orElse(Map.of()) : Map.of();
  }

  private Optional<Recipe> recipe(String uri) {
    return ImageUri.parse(mapped(uri)).flatMap(known ->
        recipes.stream().filter(each -> each.repositories().contains(known.repository())).findFirst());
  }

  private String mapped(String uri) {
    Optional<ImageUri> image = ImageUri.parse(uri);
    if (image.isEmpty()) {
      return uri;
    }
    ImageUri parsed = image.get();
    String tagged = parsed.repository() + ":" + parsed.tag();
    return mappings.getOrDefault(uri, mappings.getOrDefault(tagged, mappings.getOrDefault(parsed.repository(), uri)));
  }

  private ImageException unknown(String uri) {
    List<String> known = recipes.stream().flatMap(recipe -> recipe.repositories().stream()).sorted().toList();
    return new ImageException("The image " + uri + " is not in the catalogue. Known repositories: "
        + String.join(", ", known) + ". An image mapping in the configuration can name one of them for it.");
  }

  private PreparedImage python(ImageUri uri, Recipe recipe, Program program, Consumer<String> progress) {
    List<Layer> layers = new ArrayList<>(List.of(new Layer(trust, INSIDE + "/trust"),
        new Layer(python, PYTHON), new Layer(lab, LAB)));
    boolean unpacked = !recipe.debianPackages().isEmpty() && DebianPackages.available(recipe.debianPackages());
    String requirements = recipe.debianPackages().isEmpty() || unpacked ? recipe.requirements() : recipe.withoutDebian();
    String version = recipe.version();
    if (unpacked) {
      Path folder = packages.require(recipe.debianPackages(), progress);
      layers.add(new Layer(folder, DEBIAN));
      layers.add(new Layer(folder.resolve("usr"), "/usr"));
      version = DebianPackages.version(folder, recipe.debianPackages().getFirst()).orElse(version);
    } else if (!recipe.debianPackages().isEmpty()) {
      progress.accept("No distribution package holds " + recipe.provides() + " here; its build on PyPI is fetched, "
          + "which with the CUDA libraries is about 3 GB");
    }
    Optional<Python> other = program == Program.COMMAND ? other(uri, progress) : Optional.empty();
    Path environment = other.map(each -> environments.require(requirements,
            PythonEnvironments.requirements(requirements), each, progress))
        .orElseGet(() -> environment(requirements, progress));
    layers.add(new Layer(environment, ENVIRONMENT));
    if (recipe.versionedBy().isPresent()) {
      version = PythonEnvironments.version(environment, recipe.versionedBy().get()).orElseThrow();
    }
    if (program == Program.NOTEBOOK) {
      layers.add(new Layer(environment(NOTEBOOK_JOB, progress), INSIDE + "/" + NOTEBOOK_JOB));
    }
    Map<String, String> variables = new HashMap<>(Map.of(
        "PYTHONUNBUFFERED", "1", "PYTHONIOENCODING", "UTF-8", "LC_ALL", "C.UTF-8"));
    other.ifPresent(each -> {
      each.fetched().ifPresent(folder -> layers.add(new Layer(folder, INTERPRETER)));
      variables.put("ATELIER_INTERPRETER", each.fetched().map(folder -> Path.of(INTERPRETER)
          .resolve(folder.relativize(each.program()))).orElse(each.program()).toString());
    });
    recipe.trainedBy().ifPresent(module -> variables.put("SAGEMAKER_TRAINING_MODULE", module));
    recipe.javaBeside().ifPresent(name -> {
      layers.add(new Layer(Path.of(System.getProperty("java.home")), JAVA));
      layers.add(new Layer(jars.require(name, progress), JARS));
      variables.put("JAVA_HOME", JAVA);
    });
    String have = other.map(Python::version).orElseGet(environments::pythonVersion);
    List<String> differences = differences(uri, version, provides(recipe, version), Optional.of(have));
    if (program == Program.COMMAND) {
      uri.pythonOfRepository().filter(asked -> !asked.equals(have)).ifPresent(asked -> differences.add("The image "
          + uri.repository() + " has Python " + asked + ", which uv finds nowhere; this runtime has Python " + have));
    }
    return new PreparedImage(new Image.Layered(layers, variables), List.of("/bin/sh", PYTHON + "/start"),
        List.of("train"), List.of("python", PYTHON + "/serve.py"), differences);
  }

  /** The Python that the image is called after, where it is not the machine's and is to be had. */
  private Optional<Python> other(ImageUri uri, Consumer<String> progress) {
    return uri.pythonOfRepository().filter(minor -> !minor.equals(environments.pythonVersion()))
        .flatMap(minor -> environments.python(minor, progress));
  }

  private Path environment(String requirements, Consumer<String> progress) {
    return environments.require(requirements, PythonEnvironments.requirements(requirements), progress);
  }

  private PreparedImage algorithm(ImageUri uri, Recipe recipe) {
    List<Layer> layers = List.of(new Layer(trust, INSIDE + "/trust"),
        new Layer(Path.of(System.getProperty("java.home")), JAVA), new Layer(algorithms, ALGORITHMS));
    String name = recipe.jvmAlgorithm().orElseThrow();
    List<String> java = List.of("/bin/sh", ALGORITHMS + "/run", name);
    return new PreparedImage(new Image.Layered(layers, Map.of("JAVA_HOME", JAVA)), java,
        List.of("train"), List.of("serve"),
        differences(uri, recipe.algorithmVersion(), recipe.algorithmProvides(), Optional.empty()));
  }

  /** Sentences on what the image's name asks for and is not there. @param python the runtime's; empty without one */
  private static List<String> differences(ImageUri uri, String version, String provides, Optional<String> python) {
    List<String> differences = new ArrayList<>();
    uri.version().filter(asked -> !version.isEmpty() && !(version + ".").startsWith(asked + "."))
        .ifPresent(asked -> differences.add("The image tag " + uri.tag() + " asks for version " + asked
            + "; this runtime has " + provides));
    python.ifPresent(have -> {
      uri.python().filter(asked -> !asked.equals(have)).ifPresent(asked -> differences.add("The image tag "
          + uri.tag() + " asks for Python " + asked + "; this runtime has Python " + have));
    });
    return differences;
  }
}
