package dev.atelier.runtimes;

import dev.atelier.compute.Image;
import dev.atelier.compute.Image.Layer;
import dev.atelier.runtimes.ImageRequest.Program;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The images that Atelier can run on its own: Python frameworks in cached environments, algorithms on the JVM. */
public final class RuntimeCatalogue implements Images {
  /** Where hosts see what their images are made of. */
  public static final String INSIDE = "/opt/atelier";
  private static final String ENVIRONMENT = INSIDE + "/environment";
  private static final String PYTHON = INSIDE + "/python";
  private static final String LAB = INSIDE + "/lab";
  /** What runs notebooks, beside the image's own packages, which need not agree with it. */
  private static final String NOTEBOOK_JOB = "notebook-job";
  private static final String DEBIAN = INSIDE + "/debian";
  private static final String INTERPRETER = INSIDE + "/interpreter";
  private static final String JAVA = "/opt/java";
  private static final String ALGORITHMS = INSIDE + "/algorithms";
  private static final String JARS = INSIDE + "/jars";

  private final PythonEnvironments environments;
  /** The Pythons of this machine, its own first. */
  private final Supplier<List<Interpreter>> interpreters;
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
    this(cache, python, algorithms, lab, trust, mappings, indexes, new Interpreters()::all);
  }

  RuntimeCatalogue(Path cache, Path python, Path algorithms, Path lab, Path trust,
      Map<String, String> mappings, List<String> indexes, Supplier<List<Interpreter>> interpreters) {
    this.environments = new PythonEnvironments(cache, indexes);
    this.interpreters = interpreters;
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
    Optional<ImageUri> image = ImageUri.parse(mapped(uri));
    Optional<Recipe> recipe = recipe(uri);
    if (image.isEmpty() || recipe.isEmpty()) {
      return Optional.of(unknown(uri).getMessage());
    }
    return recipe.get().jvmAlgorithm().isPresent() || choice(image.get(), recipe.get()).isPresent()
        ? Optional.empty() : Optional.of(unbuildable(image.get(), recipe.get()).getMessage());
  }

  @Override
  public List<String> differences(String uri) {
    Optional<ImageUri> image = ImageUri.parse(mapped(uri));
    Optional<Recipe> found = recipe(uri).filter(recipe -> recipe.jvmAlgorithm().isEmpty());
    if (image.isEmpty() || found.isEmpty()) {
      return List.of();
    }
    Recipe recipe = found.get();
    boolean known = recipe.debianPackages().isEmpty() || recipe.versionAfter() != null;
    return choice(image.get(), recipe).map(choice ->
            differences(image.get(), recipe, choice, known ? choice.variant().version() : "").sentences())
        .orElse(List.of());
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

  private ImageException unbuildable(ImageUri uri, Recipe recipe) {
    String versions = recipe.variants().stream().map(recipe::described).collect(Collectors.joining(", "));
    return new ImageException("The image " + uri.repository() + ":" + uri.tag() + " cannot be built here: "
        + (uri.ofPython2() ? "it asks for Python 2. " : "this machine has Python " + interpreters.get().stream()
            .map(Interpreter::version).collect(Collectors.joining(", ")) + ". ") + "There is: " + versions + ".");
  }

  /** What runs for an image of the catalogue; empty for others, and when nothing for it can be built here. */
  Optional<Choice> choice(String uri) {
    return ImageUri.parse(mapped(uri)).flatMap(image -> recipe(uri).flatMap(recipe -> choice(image, recipe)));
  }

  /** What runs for a tag; empty when it asks for Python 2 or this machine's Pythons have nothing for it. */
  private Optional<Choice> choice(ImageUri uri, Recipe recipe) {
    if (uri.ofPython2()) {
      return Optional.empty();
    }
    // distribution packages are for the machine's own Python
    List<Interpreter> all = interpreters.get();
    return Choice.of(recipe.variants(), recipe.asked(uri), uri.python(), recipe.image(uri).map(AwsImage::python),
        recipe.debianPackages().isEmpty() ? all : all.subList(0, 1));
  }

  private PreparedImage python(ImageUri uri, Recipe recipe, Program program, Consumer<String> progress) {
    Choice choice = choice(uri, recipe).orElseThrow(() -> unbuildable(uri, recipe));
    List<Layer> layers = new ArrayList<>(List.of(new Layer(trust, INSIDE + "/trust"),
        new Layer(python, PYTHON), new Layer(lab, LAB)));
    choice.interpreter().folder().ifPresent(folder -> layers.add(new Layer(folder, INTERPRETER)));
    Optional<Path> unpacked = unpacked(recipe, progress);
    unpacked.ifPresent(folder -> {
      layers.add(new Layer(folder, DEBIAN));
      layers.add(new Layer(folder.resolve("usr"), "/usr"));
    });
    String requirements = recipe.debianPackages().isEmpty() || unpacked.isPresent()
        ? choice.variant().requirements() : recipe.withoutDebian();
    Path environment = environment(requirements, choice.interpreter(), progress);
    layers.add(new Layer(environment, ENVIRONMENT));
    if (program == Program.NOTEBOOK) {
      Path papermill = environment(NOTEBOOK_JOB, interpreters.get().getFirst(), progress);
      layers.add(new Layer(papermill, INSIDE + "/" + NOTEBOOK_JOB));
    }
    Map<String, String> variables = new HashMap<>(Map.of(
        "PYTHONUNBUFFERED", "1", "PYTHONIOENCODING", "UTF-8", "LC_ALL", "C.UTF-8"));
    recipe.trainedBy().ifPresent(module -> variables.put("SAGEMAKER_TRAINING_MODULE", module));
    recipe.servedBy().ifPresent(module -> variables.put("SAGEMAKER_SERVING_MODULE", module));
    recipe.javaBeside().ifPresent(name -> {
      layers.add(new Layer(Path.of(System.getProperty("java.home")), JAVA));
      layers.add(new Layer(jars.require(name, progress), JARS));
      variables.put("JAVA_HOME", JAVA);
    });
    return new PreparedImage(new Image.Layered(layers, variables), List.of("/bin/sh", PYTHON + "/start"),
        List.of("train"), List.of("python", PYTHON + "/serve.py"),
        differences(uri, recipe, choice, environment, unpacked));
  }

  /** The recipe's distribution packages, where it has some and this machine can have them. */
  private Optional<Path> unpacked(Recipe recipe, Consumer<String> progress) {
    if (recipe.debianPackages().isEmpty()) {
      return Optional.empty();
    }
    if (DebianPackages.available(recipe.debianPackages())) {
      return Optional.of(packages.require(recipe.debianPackages(), progress));
    }
    progress.accept("No distribution package holds " + recipe.provides() + " here; its build on PyPI is fetched, "
        + "which with the CUDA libraries is about 3 GB");
    return Optional.empty();
  }

  private Path environment(String requirements, Interpreter interpreter, Consumer<String> progress) {
    return environments.require(requirements, PythonEnvironments.requirements(requirements), interpreter, progress);
  }

  private PreparedImage algorithm(ImageUri uri, Recipe recipe) {
    List<Layer> layers = List.of(new Layer(trust, INSIDE + "/trust"),
        new Layer(Path.of(System.getProperty("java.home")), JAVA), new Layer(algorithms, ALGORITHMS));
    String name = recipe.jvmAlgorithm().orElseThrow();
    List<String> java = List.of("/bin/sh", ALGORITHMS + "/run", name);
    return new PreparedImage(new Image.Layered(layers, Map.of("JAVA_HOME", JAVA)), java,
        List.of("train"), List.of("serve"),
        new Differences(uri).framework(uri.version(), recipe.algorithmVersion(), recipe.algorithmProvides())
            .sentences());
  }

  private static List<String> differences(
      ImageUri uri, Recipe recipe, Choice choice, Path environment, Optional<Path> unpacked) {
    Function<String, Optional<String>> installed = name -> PythonEnvironments.version(environment, name);
    Optional<String> distributed =
        unpacked.flatMap(folder -> DebianPackages.version(folder, recipe.debianPackages().getFirst()));
    String version = recipe.versionedBy().map(name -> installed.apply(name).orElseThrow()).orElse(
        recipe.versionAfter() == null ? distributed.orElse(choice.variant().version()) : choice.variant().version());
    Differences differences = differences(uri, recipe, choice, version)
        .packages(recipe.image(uri), installed).device(installed.apply("nvidia-cublas-cu12").isPresent());
    if (recipe.versionAfter() != null) {
      distributed.ifPresent(each -> differences.framework(uri.version(), each, recipe.debianProvides() + " " + each));
    }
    return differences.sentences();
  }

  private static Differences differences(ImageUri uri, Recipe recipe, Choice choice, String version) {
    return new Differences(uri).framework(recipe.asked(uri), version, recipe.provided(version))
        .python(recipe.image(uri), choice.interpreter().version());
  }
}
