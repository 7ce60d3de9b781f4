package dev.atelier.runtimes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/framework-images.md} says what runs for AWS's images; {@code -Datelier.write=true} writes it anew. */
class FrameworkImagesPageTest {
  private static final List<Recipe> RECIPES = Recipe.all();
  private static final Path PAGE = Path.of("..", "docs", "framework-images.md");
  private static final String HEAD = """
      # Framework images
      Generated from the catalogue; do not edit. What runs for the images of frameworks that AWS offers: of the
      environments that this machine can build the one with the framework's version that the tag asks for, in its
      minor version; where there is none, the next newer one; else the newest. The job's log begins with what differs
      from the tag, and from AWS's image where it is known: the framework's version, Python's, NumPy's and the like.
      What can be built depends on the Pythons of the machine, which are looked for anew each time:

      - its own, and others of the distribution or in `/usr/local/bin`, such as `python3.12`;
      - those of pyenv and uv of the user whom the server runs as: `pyenv install 3.9`, `uv python install 3.9`.

      Where the environment can have several, the Python that the tag names (`py39`) goes first, then the machine's
      own. Packages are locked; an environment is built when a job first needs it, and kept. PyTorch is the
      distribution's ([decision 0002](decisions/0002-pytorch-from-distribution-packages.md)). A tag for Python 2 is
      refused, as are images that are not listed here; an image of one's own can be [pushed](container-images.md), or
      the configuration's `images` can name one of these for it.

      ## What can be built
      | framework | repositories | versions |
      |---|---|---|
      """;
  private static final String TAGS = """

      ## What runs for AWS's tags
      Of the tags that the SageMaker SDK 2.257.7 knows, those for CPUs where there are some: on Debian 12 as it is,
      with Python 3.11, and where Python 3.8 to 3.13 are at hand.

      | image | with Python 3.11 alone | with Python 3.8 to 3.13 |
      |---|---|---|
      """;

  @Test
  void pageIsWhatTheCatalogueChooses() throws IOException {
    String page = page();
    if (Boolean.getBoolean("atelier.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as("stale; write it anew: ./mvnw -pl runtimes -am test -Dtest=FrameworkImagesPageTest "
            + "-Dsurefire.failIfNoSpecifiedTests=false -Dtest.jvm.args=-Datelier.write=true")
        .isEqualTo(page);
  }

  private static String page() throws IOException {
    StringBuilder page = new StringBuilder(HEAD);
    for (Recipe recipe : RECIPES) {
      String versions = recipe.debianPackages().isEmpty() || recipe.several() != null
          ? recipe.variants().stream().map(recipe::described).collect(Collectors.joining(", "))
          : recipe.provides() + " of the distribution";
      String repositories =
          recipe.repositories().stream().map(each -> "`" + each + "`").collect(Collectors.joining(", "));
      page.append("| ").append(recipe.name()).append(" | ").append(repositories).append(" | ").append(versions)
          .append(" |\n");
    }
    page.append(TAGS);
    rows().forEach(row -> page.append("| ").append(row.images()).append(" | ").append(row.own()).append(" | ")
        .append(row.all()).append(" |\n"));
    return page.toString();
  }

  private record Row(String repository, String first, String last, String own, String all) {
    String images() {
      return "`" + repository + ":" + first + "`" + (first.equals(last) ? "" : " to `" + last + "`");
    }

    boolean runsLike(Row other) {
      return repository.equals(other.repository) && own.equals(other.own) && all.equals(other.all);
    }
  }

  /** A row for all neighbours for which the same runs. */
  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (ImageUri image : images()) {
      String own = chosen(image, AwsImagesTest.DEBIAN);
      Row row = new Row(image.repository(), image.tag(), image.tag(), own, chosen(image, AwsImagesTest.ALL));
      if (!rows.isEmpty() && rows.getLast().runsLike(row)) {
        Row same = rows.removeLast();
        row = new Row(same.repository(), same.first(), row.last(), own, row.all());
      }
      rows.add(row);
    }
    return rows;
  }

  private static List<ImageUri> images() throws IOException {
    List<String> repositories = List.of("sagemaker-scikit-learn", "sagemaker-xgboost", "tensorflow-training",
        "tensorflow-inference", "huggingface-pytorch-training", "huggingface-pytorch-inference");
    return AwsImagesTest.images().stream().map(each -> ImageUri.parse(each).orElseThrow())
        .filter(each -> repositories.contains(each.repository()) && !each.ofPython2())
        .filter(each -> !each.forGpus() || each.repository().equals("huggingface-pytorch-training"))
        .sorted(Comparator.comparing((ImageUri each) -> repositories.indexOf(each.repository()))
            .thenComparing(each -> recipe(each).asked(each).orElseThrow()).thenComparing(ImageUri::tag)).toList();
  }

  private static Recipe recipe(ImageUri image) {
    return RECIPES.stream().filter(each -> each.repositories().contains(image.repository())).findFirst()
        .orElseThrow();
  }

  private static String chosen(ImageUri image, List<Interpreter> pythons) {
    Choice choice = AwsImagesTest.catalogue(pythons)
        .choice("123456789012.dkr.ecr.us-east-1.amazonaws.com/" + image.repository() + ":" + image.tag()).orElseThrow();
    return recipe(image).provided(choice.variant().version()) + ", Python " + choice.interpreter().version();
  }
}
