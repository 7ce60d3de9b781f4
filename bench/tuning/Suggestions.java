import dev.atelier.tuning.search.BayesianSearcher;
import dev.atelier.tuning.search.Parameter;
import dev.atelier.tuning.search.RandomSearcher;
import dev.atelier.tuning.search.Scaling;
import dev.atelier.tuning.search.SearchSpace;
import dev.atelier.tuning.search.Searcher;
import dev.atelier.tuning.search.Seen;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A searcher at the other end of a pipe. {@code new STRATEGY SEED min max ...} begins a search in a box, {@code ask}
 * prints a point, {@code tell LOSS} says what it was worth, {@code time} prints the seconds that all points took.
 */
final class Suggestions {
  private SearchSpace space;
  private Searcher searcher;
  private final List<Seen> history = new ArrayList<>();
  private Map<String, String> asked = new LinkedHashMap<>();
  private long taken;

  public static void main(String[] none) throws Exception {
    Suggestions suggestions = new Suggestions();
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      suggestions.take(line.split(" "));
    }
  }

  private void take(String[] words) {
    switch (words[0]) {
      case "new" -> begin(words);
      case "ask" -> {
        long begun = System.nanoTime();
        asked = searcher.suggest(history.size(), history);
        taken += System.nanoTime() - begun;
        System.out.println(String.join(" ", asked.values()));
      }
      case "tell" -> history.add(Seen.scored(asked, Double.parseDouble(words[1])));
      case "time" -> System.out.println(taken / 1e9);
      default -> throw new IllegalArgumentException(words[0]);
    }
  }

  private void begin(String[] words) {
    List<Parameter> parameters = new ArrayList<>();
    for (int i = 3; i < words.length; i += 2) {
      parameters.add(new Parameter.Continuous("x" + i, Double.parseDouble(words[i]), Double.parseDouble(words[i + 1]),
          Scaling.LINEAR));
    }
    space = new SearchSpace(parameters);
    long seed = Long.parseLong(words[2]);
    searcher = words[1].equals("Random") ? new RandomSearcher(space, seed) : new BayesianSearcher(space, seed);
    history.clear();
    taken = 0;
  }
}
