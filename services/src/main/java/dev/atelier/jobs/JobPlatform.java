package dev.atelier.jobs;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.identity.Sessions;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.TagStore;
import dev.atelier.runtimes.Images;
import java.time.Clock;

/** What every feature that runs workloads needs of the platform. */
public record JobPlatform(
    MetadataStore metadata,
    TagStore tags,
    Sessions sessions,
    JobRoles roles,
    Images images,
    ComputeBackend backend,
    Capacity capacity,
    StagingArea staging,
    JobLogs logs,
    MetricSink metrics,
    LogPump pump,
    LiveWorkloads live,
    Clock clock) {}
