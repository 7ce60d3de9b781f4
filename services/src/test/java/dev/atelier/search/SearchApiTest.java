package dev.atelier.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.jobs.JobBench;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.GetSearchSuggestionsRequest;
import dev.atelier.models.sagemaker.PropertyNameSuggestion;
import dev.atelier.models.sagemaker.SearchRequest;
import dev.atelier.models.sagemaker.SearchResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SearchApiTest {
  private final List<Map<String, Object>> jobs = new ArrayList<>();
  private final SearchApi api = new SearchApi(List.of(new Searchable() {
    @Override
    public String type() {
      return "TrainingJob";
    }

    @Override
    public String arn() {
      return "TrainingJobArn";
    }

    @Override
    public void each(Caller caller, Consumer<Map<String, Object>> found) {
      jobs.forEach(found);
    }
  }));

  SearchApiTest() {
    for (int i = 0; i < 25; i++) {
      jobs.add(Map.of("TrainingJobName", "job-" + i, "TrainingJobArn", "arn:" + i,
          "TrainingJobStatus", i % 2 == 0 ? "Completed" : "Failed", "LastModifiedTime", Instant.ofEpochSecond(i),
          "HyperParameters", Map.of("rate", "0." + i, "a.b", "dotted"),
          "FinalMetricDataList", List.of(Map.of("MetricName", "loss", "Value", (float) i)),
          "InputDataConfig", List.of(channel("train", "s3://a/" + i), channel("test", "s3://b/" + i)),
          "EnableNetworkIsolation", i > 20, "Tags", List.of(Map.of("Key", "team", "Value", i < 5 ? "red" : "blue"))));
    }
  }

  private static Map<String, Object> channel(String name, String uri) {
    return Map.of("ChannelName", name, "DataSource", Map.of("S3DataSource",
        Map.of("S3DataType", "S3Prefix", "S3Uri", uri)));
  }

  private SearchResponse search(Map<String, Object> more) {
    Map<String, Object> request = new HashMap<>(Map.of("Resource", "TrainingJob", "MaxResults", 100));
    request.putAll(more);
    return api.search(JobBench.CALLER, SearchRequest.fromDocument(request));
  }

  private List<String> names(Map<String, Object> expression) {
    return search(Map.of("SearchExpression", expression, "SortBy", "Metrics.loss", "SortOrder", "Ascending")).results()
        .stream().map(each -> each.trainingJob().trainingJobName()).toList();
  }

  private static Map<String, Object> filter(String name, String operator, String value) {
    return value == null ? Map.of("Name", name, "Operator", operator)
        : Map.of("Name", name, "Operator", operator, "Value", value);
  }

  private List<String> found(String name, String operator, String value) {
    return names(Map.of("Filters", List.of(filter(name, operator, value))));
  }

  @Test
  void operatorsCompareTextsNumbersAndTimes() {
    assertThat(found("TrainingJobName", "Equals", "job-7")).containsExactly("job-7");
    assertThat(found("TrainingJobStatus", "NotEquals", "Failed")).hasSize(13);
    assertThat(found("TrainingJobName", "Contains", "b-2")).hasSize(6);
    assertThat(found("TrainingJobName", "In", "job-1, job-3,none")).containsExactly("job-1", "job-3");
    assertThat(found("Metrics.loss", "LessThan", "2")).containsExactly("job-0", "job-1");
    assertThat(found("Metrics.loss", "GreaterThanOrEqualTo", "24")).containsExactly("job-24");
    assertThat(found("HyperParameters.rate", "LessThanOrEqualTo", "0.1")).containsExactly("job-0", "job-1", "job-10");
    assertThat(found("HyperParameters.a.b", "Equals", "dotted")).hasSize(25);
    assertThat(found("LastModifiedTime", "GreaterThan", "1970-01-01T00:00:22Z")).containsExactly("job-23", "job-24");
    assertThat(found("EnableNetworkIsolation", "Equals", "true")).hasSize(4);
    assertThat(found("Tags.team", "Equals", "red")).hasSize(5);
    assertThat(found("Tags.owner", "NotExists", null)).hasSize(25);
    assertThat(found("HyperParameters.rate", "Exists", null)).hasSize(25);
    assertThat(found("CreationTime", "NotExists", null)).hasSize(25);
    assertThat(found("LastModifiedTime", "LessThan", "1970-01-01T00:00:01")).containsExactly("job-0");
    assertThat(found("LastModifiedTime", "Equals", "1970-01-01T00:00:07Z")).containsExactly("job-7");
    assertThatThrownBy(() -> found("Metrics.loss", "LessThan", "many")).isInstanceOf(Fault.class)
        .hasMessageContaining("neither a number nor a time");
  }

  @Test
  void whatCannotBeMeantIsRefused() {
    refused(Map.of("Filters", List.of(filter("Nothing", "Exists", null))), "Unknown property name: Nothing");
    refused(Map.of("Filters", List.of(filter("TrainingJobName.Length", "Exists", null))), "Unknown property name");
    refused(Map.of("Filters", List.of(filter("TrainingJobName", "GreaterThan", "1"))), "GreaterThan is not supported");
    refused(Map.of("Filters", List.of(filter("LastModifiedTime", "Contains", "1"))), "Contains is not supported");
    refused(Map.of("Filters", List.of(filter("TrainingTimeInSeconds", "In", "1,2"))), "In is not supported");
    refused(Map.of("Filters", List.of(filter("LastModifiedTime", "Equals", "12"))), "neither a number nor a time");
    refused(Map.of("Filters", List.of(filter("TrainingJobName", "Equals", null))), "needs a Value");
    refused(Map.of("Filters", List.of(filter("TrainingJobName", "Contains", "a"), filter("RoleArn", "Contains", "b"))),
        "'CONTAINS' operator usage limit of 1 exceeded.");
    refused(Map.of("NestedFilters", List.of(Map.of("NestedPropertyName", "InputDataConfig", "Filters",
        List.of(filter("InputDataConfig.Colour", "Exists", null))))), "Unknown property name: InputDataConfig.Colour");
    refused(Map.of("NestedFilters", List.of(Map.of("NestedPropertyName", "RoleArn", "Filters",
        List.of(filter("RoleArn.x", "Exists", null))))), "Unknown property name");
    refused(Map.of("Operator", "Or"), "at least one");
    assertThatThrownBy(() -> search(Map.of("SortBy", "Colour"))).hasMessageContaining("Unknown property name: Colour");
  }

  private void refused(Map<String, Object> expression, String words) {
    assertThatThrownBy(() -> names(expression)).isInstanceOf(Fault.class).hasMessageContaining(words)
        .matches(fault -> ((Fault) fault).code().equals("ValidationException"));
  }

  @Test
  void resultsAreLimitedToWhatIsVisible() {
    jobs.add(Map.of("TrainingJobName", "plain", "TrainingJobArn", "arn:plain"));
    assertThat(search(Map.of("VisibilityConditions", List.of(Map.of("Key", "Tags.team", "Value", "red")))).results())
        .hasSize(6).anyMatch(each -> each.trainingJob().trainingJobName().equals("plain"));
    assertThat(search(Map.of("VisibilityConditions", List.of(Map.of("Key", "Tags.TEAM", "Value", "red")))).results())
        .as("keys are compared as policies do").hasSize(6);
    assertThat(search(Map.of("CrossAccountFilterOption", "CrossAccount")).results()).isEmpty();
    assertThat(search(Map.of("CrossAccountFilterOption", "SameAccount")).results()).hasSize(26);
    assertThatThrownBy(() -> search(Map.of("VisibilityConditions", List.of(Map.of("Key", "RoleArn", "Value", "x")))))
        .isInstanceOf(Fault.class).hasMessageContaining("Tags.<key>");
  }

  @Test
  void namesAreSuggested() {
    assertThat(suggested("")).containsExactly("HyperParameters.a.b", "HyperParameters.rate", "Metrics.loss", "Tags.team");
    assertThat(suggested("hyperparameters.R")).containsExactly("HyperParameters.rate");
    assertThat(suggested("TrainingJobName")).isEmpty();
  }

  private List<String> suggested(String hint) {
    return api.getSearchSuggestions(JobBench.CALLER, GetSearchSuggestionsRequest.fromDocument(Map.of(
            "Resource", "TrainingJob", "SuggestionQuery", Map.of("PropertyNameQuery", Map.of("PropertyNameHint", hint)))))
        .propertyNameSuggestions().stream().map(PropertyNameSuggestion::propertyName).toList();
  }

  @Test
  void whatARecordWrapsIsNamedWithAndWithoutTheWrapping() {
    PropertyNames names = PropertyNames.of("Model");
    Map<String, Object> model = names.view(Map.of("Model", Map.of("ModelName", "m", "Tags",
        List.of(Map.of("Key", "team", "Value", "red"))), "Endpoints", List.of(Map.of("EndpointStatus", "InService"))));
    for (String name : List.of("ModelName", "Model.ModelName")) {
      assertThat(names.require(name).values(model)).containsExactly("m");
    }
    assertThat(names.require("Tags.team").values(model)).containsExactly("red");
    assertThat(names.require("Endpoints.EndpointStatus").values(model)).containsExactly("InService");
    assertThatThrownBy(() -> names.require("LastModifiedTime")).hasMessageContaining("resource Model");
  }

  @Test
  void expressionsNestAndNestedFiltersMeanOneEntry() {
    Map<String, Object> few = Map.of("Filters", List.of(filter("Metrics.loss", "LessThan", "3")));
    Map<String, Object> last = Map.of("Filters", List.of(filter("TrainingJobName", "Equals", "job-24")));
    assertThat(names(Map.of("SubExpressions", List.of(few, last), "Operator", "Or")))
        .containsExactly("job-0", "job-1", "job-2", "job-24");
    assertThat(names(Map.of("SubExpressions", List.of(few, last)))).isEmpty();
    assertThat(nested("train", "s3://a/3")).containsExactly("job-3");
    assertThat(nested("test", "s3://a/3")).isEmpty();
  }

  private List<String> nested(String channel, String uri) {
    return names(Map.of("NestedFilters", List.of(Map.of("NestedPropertyName", "InputDataConfig", "Filters", List.of(
        filter("InputDataConfig.ChannelName", "Equals", channel),
        filter("InputDataConfig.DataSource.S3DataSource.S3Uri", "Equals", uri))))));
  }

  @Test
  void pagesFollowEachOtherThoughResourcesCome() {
    List<String> names = new ArrayList<>();
    String token = null;
    do {
      Map<String, Object> request = new HashMap<>(Map.of("MaxResults", 10));
      if (token != null) {
        request.put("NextToken", token);
      }
      SearchResponse page = search(request);
      page.results().forEach(each -> names.add(each.trainingJob().trainingJobName()));
      token = page.nextToken();
      jobs.add(Map.of("TrainingJobName", "newer", "TrainingJobArn", "arn:new" + names.size(), "LastModifiedTime",
          Instant.ofEpochSecond(1_000 + names.size())));
    } while (token != null);
    assertThat(names).hasSize(25).startsWith("job-24").endsWith("job-0").doesNotHaveDuplicates();
    assertThatThrownBy(() -> search(Map.of("NextToken", "bm90aGluZw"))).isInstanceOf(Fault.class)
        .hasMessageContaining("Invalid NextToken");
    assertThatThrownBy(() -> search(Map.of("Resource", "Project"))).isInstanceOf(Fault.class)
        .hasMessageContaining("Project");
  }
}
