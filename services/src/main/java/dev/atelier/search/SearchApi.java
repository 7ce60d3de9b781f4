package dev.atelier.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.GetSearchSuggestionsRequest;
import dev.atelier.models.sagemaker.GetSearchSuggestionsResponse;
import dev.atelier.models.sagemaker.PropertyNameQuery;
import dev.atelier.models.sagemaker.SageMakerOperations;
import dev.atelier.models.sagemaker.SearchRequest;
import dev.atelier.models.sagemaker.SearchResponse;
import dev.atelier.operation.OperationTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** The operations Search and GetSearchSuggestions. */
public final class SearchApi {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int USUAL_PAGE = 10;

  private final List<Searchable> kinds;

  public SearchApi(List<Searchable> kinds) {
    this.kinds = List.copyOf(kinds);
  }

  public void register(OperationTable table) {
    table.on(SageMakerOperations.search(), this::search)
        .on(SageMakerOperations.getSearchSuggestions(), this::getSearchSuggestions);
  }

  /** Where a resource stands among those found: by what they are sorted by, and by its ARN where that is alike. */
  private record Place(Optional<Double> number, String text, String arn) {
    static final Comparator<Place> ASCENDING = Comparator
        .<Place, Double>comparing(place -> place.number.orElse(Double.NEGATIVE_INFINITY))
        .thenComparing(Place::text).thenComparing(Place::arn);
  }

  private record Found(Place place, Map<String, Object> resource) {}

  private Searchable kind(String operation, String type) {
    return kinds.stream().filter(each -> each.type().equals(type)).findFirst().orElseThrow(() ->
        new Fault("UnsupportedOperation", 400, "sagemaker:" + operation + " for the resource " + type
            + " is not supported by this version of Atelier."));
  }

  SearchResponse search(Caller caller, SearchRequest request) {
    Searchable kind = kind("Search", request.resource());
    PropertyNames names = PropertyNames.of(kind.type());
    Predicate<Map<String, Object>> condition = Condition.of(request.searchExpression(), names)
        .and(Condition.visible(request.visibilityConditions(), names));
    Property sortBy = names.require(request.sortBy() != null ? request.sortBy()
        : names.has("LastModifiedTime") ? "LastModifiedTime" : "CreationTime");
    List<Found> found = new ArrayList<>();
    // no other account shares what is here, and nothing else is found across accounts
    if (!"CrossAccount".equals(request.crossAccountFilterOption())) {
      kind.each(caller, resource -> {
        Map<String, Object> view = names.view(resource);
        if (condition.test(view)) {
          found.add(new Found(place(kind, sortBy, view), resource));
        }
      });
    }
    Comparator<Place> order = "Ascending".equals(request.sortOrder()) ? Place.ASCENDING : Place.ASCENDING.reversed();
    found.sort(Comparator.comparing(Found::place, order));
    Optional<Place> after = Optional.ofNullable(request.nextToken()).map(token -> decode(token, query(request)));
    int first = after.map(last -> (int) found.stream().takeWhile(each -> order.compare(each.place(), last) <= 0).count())
        .orElse(0);
    int size = request.maxResults() == null ? USUAL_PAGE : request.maxResults();
    List<Found> page = found.subList(first, Math.min(found.size(), first + size));
    Map<String, Object> answer = new HashMap<>(Map.of("Results",
        page.stream().map(each -> Map.of(kind.type(), (Object) each.resource())).toList(),
        "TotalHits", Map.of("Value", (long) found.size(), "Relation", "EqualTo")));
    if (first + page.size() < found.size()) {
      answer.put("NextToken", encode(page.getLast().place(), query(request)));
    }
    return SearchResponse.fromDocument(answer);
  }

  /** The names that a filter's Name may go on with. */
  GetSearchSuggestionsResponse getSearchSuggestions(Caller caller, GetSearchSuggestionsRequest request) {
    Searchable kind = kind("GetSearchSuggestions", request.resource());
    PropertyNames names = PropertyNames.of(kind.type());
    PropertyNameQuery query = request.suggestionQuery() == null ? null : request.suggestionQuery().propertyNameQuery();
    Suggestions suggestions = new Suggestions(query == null ? "" : query.propertyNameHint());
    kind.each(caller, resource -> suggestions.add(names.view(resource)));
    return GetSearchSuggestionsResponse.builder().propertyNameSuggestions(suggestions.found()).build();
  }

  private static Place place(Searchable kind, Property sortBy, Map<String, Object> resource) {
    List<Object> values = sortBy.values(resource);
    Optional<Double> number = values.isEmpty() ? Optional.empty() : Property.number(values.getFirst());
    return new Place(number, values.isEmpty() || number.isPresent() ? "" : Property.text(values.getFirst()),
        String.valueOf(resource.get(kind.arn())));
  }

  private static int query(SearchRequest request) {
    return Objects.hash(request.resource(), request.sortBy(), request.sortOrder(), request.crossAccountFilterOption(),
        request.visibilityConditions().stream().map(each -> each.toDocument()).toList(),
        request.searchExpression() == null ? 0 : request.searchExpression().toDocument());
  }

  private static String encode(Place place, int query) {
    try {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(JSON.writeValueAsBytes(
          new Object[] {query, place.number().orElse(null), place.text(), place.arn()}));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Place decode(String token, int query) {
    try {
      JsonNode parts = JSON.readTree(Base64.getUrlDecoder().decode(token));
      if (parts != null && parts.isArray() && parts.size() == 4 && parts.get(0).asInt() == query) {
        return new Place(parts.get(1).isNumber() ? Optional.of(parts.get(1).asDouble()) : Optional.empty(),
            parts.get(2).asText(), parts.get(3).asText());
      }
    } catch (IOException | IllegalArgumentException noToken) {
      // said below
    }
    throw Fault.validation("Invalid NextToken: it belongs to no search like this one.");
  }
}
