package dev.atelier.metrics;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.TagStore;
import dev.atelier.models.cloudwatch.CloudWatchOperations;
import dev.atelier.models.cloudwatch.DashboardEntry;
import dev.atelier.models.cloudwatch.DeleteDashboardsInput;
import dev.atelier.models.cloudwatch.DeleteDashboardsOutput;
import dev.atelier.models.cloudwatch.GetDashboardInput;
import dev.atelier.models.cloudwatch.GetDashboardOutput;
import dev.atelier.models.cloudwatch.ListDashboardsInput;
import dev.atelier.models.cloudwatch.ListDashboardsOutput;
import dev.atelier.models.cloudwatch.PutDashboardInput;
import dev.atelier.models.cloudwatch.PutDashboardOutput;
import dev.atelier.operation.OperationTable;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Dashboards: stored bodies, which belong to an account in all its regions. */
final class DashboardApi {
  private static final int PAGE = 1_000;

  private final MetadataStore metadata;
  private final TagStore tags;
  private final Clock clock;

  DashboardApi(MetadataStore metadata, TagStore tags, Clock clock) {
    this.metadata = metadata;
    this.tags = tags;
    this.clock = clock;
  }

  void register(OperationTable table) {
    table.on(CloudWatchOperations.putDashboard(), this::putDashboard)
        .on(CloudWatchOperations.getDashboard(), this::getDashboard)
        .on(CloudWatchOperations.listDashboards(), this::listDashboards)
        .on(CloudWatchOperations.deleteDashboards(), this::deleteDashboards);
  }

  private record Dashboard(String arn, String name, String body, Instant modifiedAt) {}

  private static Arn arn(Caller caller, String name) {
    return Arn.global(caller.partition(), "cloudwatch", caller.account(), "dashboard/" + name);
  }

  PutDashboardOutput putDashboard(Caller caller, PutDashboardInput request) {
    if (!request.dashboardName().matches("[A-Za-z0-9_-]{1,255}")) {
      throw MetricFault.value("The value " + request.dashboardName() + " for field DashboardName contains invalid "
          + "characters. It can only contain alphanumerics, dash (-) and underscore (_).\n");
    }
    List<Dashboards.Problem> problems = Dashboards.problems(request.dashboardBody());
    if (!problems.isEmpty()) {
      throw new Fault("DashboardInvalidInputError", 400, "The dashboard body is invalid, there are "
          + problems.size() + " validation errors", Map.of("dashboardValidationMessages", problems.stream()
              .map(problem -> Map.of("DataPath", problem.path(), "Message", problem.message())).toList()));
    }
    String arn = arn(caller, request.dashboardName()).toString();
    Map<String, String> given = AlarmApi.tags(request.tags());
    metadata.write(tx -> {
      boolean present = tx.createQuery("select count(*) from dashboard where arn = :arn").bind("arn", arn)
          .mapTo(Long.class).one() > 0;
      tx.createUpdate("""
              insert into dashboard (arn, account, region, name, body, modified_at)
              values (:arn, :account, :region, :name, :body, :now)
              on conflict (arn) do update set body = :body, modified_at = :now""")
          .bind("arn", arn).bind("account", caller.account().value()).bind("region", caller.partition().id())
          .bind("name", request.dashboardName()).bind("body", request.dashboardBody())
          .bind("now", clock.millis()).execute();
      if (!present) {
        tags.add(tx, arn, given);
      }
      return true;
    });
    return PutDashboardOutput.builder().dashboardValidationMessages(List.of()).build();
  }

  GetDashboardOutput getDashboard(Caller caller, GetDashboardInput request) {
    Dashboard found = find(caller, request.dashboardName()).orElseThrow(() -> absent(request.dashboardName()));
    return GetDashboardOutput.builder().dashboardArn(found.arn()).dashboardName(found.name())
        .dashboardBody(found.body()).build();
  }

  private static Fault absent(String name) {
    return new Fault("DashboardNotFoundError", 404, "Dashboard " + name + " does not exist");
  }

  private Optional<Dashboard> find(Caller caller, String name) {
    return all(caller).stream().filter(each -> each.name().equals(name)).findFirst();
  }

  private List<Dashboard> all(Caller caller) {
    return metadata.read(tx -> tx.createQuery(
            "select * from dashboard where account = :account and region = :region order by name")
        .bind("account", caller.account().value()).bind("region", caller.partition().id())
        .map((row, context) -> new Dashboard(row.getString("arn"), row.getString("name"), row.getString("body"),
            Instant.ofEpochMilli(row.getLong("modified_at")))).list());
  }

  ListDashboardsOutput listDashboards(Caller caller, ListDashboardsInput request) {
    String prefix = request.dashboardNamePrefix() == null ? "" : request.dashboardNamePrefix();
    String after = request.nextToken() == null ? "" : request.nextToken();
    List<Dashboard> found = all(caller).stream().filter(each -> each.name().startsWith(prefix))
        .filter(each -> each.name().compareTo(after) > 0).limit(PAGE + 1L).toList();
    List<Dashboard> page = found.subList(0, Math.min(PAGE, found.size()));
    return ListDashboardsOutput.builder()
        .dashboardEntries(page.stream().map(each -> DashboardEntry.builder().dashboardArn(each.arn())
            .dashboardName(each.name()).lastModified(each.modifiedAt())
            .size((long) each.body().getBytes(StandardCharsets.UTF_8).length).build()).toList())
        .nextToken(found.size() > PAGE ? page.getLast().name() : null).build();
  }

  /** All of them or, when one does not exist, none. */
  DeleteDashboardsOutput deleteDashboards(Caller caller, DeleteDashboardsInput request) {
    if (request.dashboardNames().isEmpty()) {
      throw MetricFault.value("The parameter DashboardNames must contain at least one element.");
    }
    request.dashboardNames().forEach(name -> find(caller, name).orElseThrow(() -> absent(name)));
    metadata.write(tx -> {
      for (String name : request.dashboardNames()) {
        String arn = arn(caller, name).toString();
        tx.createUpdate("delete from dashboard where arn = :arn").bind("arn", arn).execute();
        tags.deleteAll(tx, arn);
      }
      return true;
    });
    return DeleteDashboardsOutput.builder().build();
  }

  boolean exists(String arn) {
    return metadata.read(tx -> tx.createQuery("select count(*) from dashboard where arn = :arn").bind("arn", arn)
        .mapTo(Long.class).one()) > 0;
  }
}
