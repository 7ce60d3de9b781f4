package dev.atelier.logs;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.NoOutput;
import dev.atelier.models.logs.ListTagsForResourceRequest;
import dev.atelier.models.logs.ListTagsForResourceResponse;
import dev.atelier.models.logs.ListTagsLogGroupRequest;
import dev.atelier.models.logs.ListTagsLogGroupResponse;
import dev.atelier.models.logs.LogsOperations;
import dev.atelier.models.logs.TagLogGroupRequest;
import dev.atelier.models.logs.TagResourceRequest;
import dev.atelier.models.logs.UntagLogGroupRequest;
import dev.atelier.models.logs.UntagResourceRequest;
import dev.atelier.operation.OperationTable;

/** The operations on tags of log groups, the older ones by name and the newer ones by ARN. */
final class LogTagApi {
  private final LogStore store;
  private final LogTags tags;

  LogTagApi(LogStore store, LogTags tags) {
    this.store = store;
    this.tags = tags;
  }

  void register(OperationTable table) {
    table.on(LogsOperations.listTagsLogGroup(), this::listTagsLogGroup)
        .on(LogsOperations.tagLogGroup(), this::tagLogGroup)
        .on(LogsOperations.untagLogGroup(), this::untagLogGroup)
        .on(LogsOperations.listTagsForResource(), this::listTagsForResource)
        .on(LogsOperations.tagResource(), this::tagResource)
        .on(LogsOperations.untagResource(), this::untagResource);
  }

  ListTagsLogGroupResponse listTagsLogGroup(Caller caller, ListTagsLogGroupRequest request) {
    return ListTagsLogGroupResponse.builder().tags(tags.all(byName(caller, request.logGroupName()))).build();
  }

  NoOutput tagLogGroup(Caller caller, TagLogGroupRequest request) {
    tags.add(byName(caller, request.logGroupName()), request.tags());
    return new NoOutput();
  }

  NoOutput untagLogGroup(Caller caller, UntagLogGroupRequest request) {
    tags.delete(byName(caller, request.logGroupName()), request.tags());
    return new NoOutput();
  }

  ListTagsForResourceResponse listTagsForResource(Caller caller, ListTagsForResourceRequest request) {
    return ListTagsForResourceResponse.builder().tags(tags.all(byArn(caller, request.resourceArn()))).build();
  }

  NoOutput tagResource(Caller caller, TagResourceRequest request) {
    tags.add(byArn(caller, request.resourceArn()), request.tags());
    return new NoOutput();
  }

  NoOutput untagResource(Caller caller, UntagResourceRequest request) {
    tags.delete(byArn(caller, request.resourceArn()), request.tagKeys());
    return new NoOutput();
  }

  private Arn byName(Caller caller, String name) {
    LogsApi.requireGroup(store, caller, name);
    return LogTags.arn(LogsApi.place(caller), name);
  }

  private Arn byArn(Caller caller, String text) {
    Arn arn = Arn.parse(text).filter(each -> each.service().equals("logs") && each.resource().startsWith("log-group:"))
        .orElseThrow(() -> new Fault("InvalidParameterException", 400, "The ARN " + text + " is not a log group's."));
    Arn own = byName(caller, LogsApi.groupName(null, text));
    if (!arn.account().equals(own.account()) || !arn.region().equals(own.region())) {
      throw new Fault("ResourceNotFoundException", 400, "The specified log group does not exist.");
    }
    return own;
  }
}
