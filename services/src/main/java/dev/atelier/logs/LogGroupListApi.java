package dev.atelier.logs;

import dev.atelier.kernel.Caller;
import dev.atelier.models.logs.ListLogGroupsRequest;
import dev.atelier.models.logs.ListLogGroupsResponse;
import dev.atelier.models.logs.LogGroupSummary;
import dev.atelier.models.logs.LogsOperations;
import dev.atelier.models.logs.TagFilter;
import dev.atelier.operation.OperationTable;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** ListLogGroups: the groups of the caller's account and region in short. */
final class LogGroupListApi {
  private final LogStore store;
  private final LogTags tags;

  LogGroupListApi(LogStore store, LogTags tags) {
    this.store = store;
    this.tags = tags;
  }

  void register(OperationTable table) {
    table.on(LogsOperations.listLogGroups(), this::listLogGroups);
  }

  /** No account is linked to another here, and no group has data sources or field indexes: whoever asks for them gets none. */
  ListLogGroupsResponse listLogGroups(Caller caller, ListLogGroupsRequest request) {
    LogStore.Place place = LogsApi.place(caller);
    boolean others = !request.dataSources().isEmpty() || !request.fieldIndexNames().isEmpty()
        || !request.accountIdentifiers().isEmpty() && !request.accountIdentifiers().contains(place.account().value());
    List<LogStore.Group> groups = others ? List.of() : store.groups(place, "").stream()
        .filter(group -> request.logGroupNamePattern() == null || names(request.logGroupNamePattern(), group.name()))
        .filter(group -> request.logGroupClass() == null || request.logGroupClass().equals(group.logClass()))
        .filter(hasTags(place, request.logGroupTags())).toList();
    Slice<LogStore.Group> page = Slice.of(groups, LogStore.Group::name, request.nextToken(), request.limit());
    return ListLogGroupsResponse.builder()
        .logGroups(page.items().stream().map(group -> LogGroupSummary.builder().logGroupName(group.name())
            .logGroupArn(LogTags.arn(place, group.name()).toString()).logGroupClass(group.logClass()).build()).toList())
        .nextToken(page.next().orElse(null)).build();
  }

  /** Up to five alternatives; {@code ^} ties one to the name's beginning. */
  private static boolean names(String pattern, String name) {
    return Stream.of(pattern.split("\\|")).anyMatch(part ->
        part.startsWith("^") ? name.startsWith(part.substring(1)) : name.contains(part));
  }

  private Predicate<LogStore.Group> hasTags(LogStore.Place place, List<TagFilter> filters) {
    return group -> {
      Map<String, String> own = filters.isEmpty() ? Map.of() : tags.all(LogTags.arn(place, group.name()));
      return filters.stream().allMatch(filter -> own.containsKey(filter.key())
          && (filter.values().isEmpty() || filter.values().contains(own.get(filter.key()))));
    };
  }
}
