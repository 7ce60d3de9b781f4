package dev.atelier.studio;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.KeysetQuery.Direction;
import dev.atelier.metadata.Page;
import dev.atelier.models.NoOutput;
import dev.atelier.models.sagemaker.CreateDomainRequest;
import dev.atelier.models.sagemaker.CreateDomainResponse;
import dev.atelier.models.sagemaker.DeleteDomainRequest;
import dev.atelier.models.sagemaker.DescribeDomainRequest;
import dev.atelier.models.sagemaker.DescribeDomainResponse;
import dev.atelier.models.sagemaker.DomainDetails;
import dev.atelier.models.sagemaker.ListDomainsRequest;
import dev.atelier.models.sagemaker.ListDomainsResponse;
import dev.atelier.models.sagemaker.SageMakerOperations;
import dev.atelier.models.sagemaker.UpdateDomainRequest;
import dev.atelier.models.sagemaker.UpdateDomainResponse;
import dev.atelier.operation.OperationTable;
import dev.atelier.tags.TagRules;
import java.util.LinkedHashMap;
import java.util.Map;

/** The operations on domains. */
final class DomainApi {
  /** How many domains an account can have in a region. */
  static final int MOST = 100;

  private final StudioStore store;
  private final ResourceLife life;
  private final SettingsCheck settings;

  DomainApi(StudioStore store, ResourceLife life, SettingsCheck settings) {
    this.store = store;
    this.life = life;
    this.settings = settings;
  }

  void register(OperationTable table) {
    table.on(SageMakerOperations.createDomain(), this::createDomain)
        .on(SageMakerOperations.describeDomain(), this::describeDomain)
        .on(SageMakerOperations.listDomains(), this::listDomains)
        .on(SageMakerOperations.updateDomain(), this::updateDomain)
        .on(SageMakerOperations.deleteDomain(), this::deleteDomain);
  }

  CreateDomainResponse createDomain(Caller caller, CreateDomainRequest request) {
    Map<String, Object> document = Documents.without(request.toDocument(), "Tags");
    DomainRules.check(document);
    settings.check(caller, document);
    StudioResource domain = fresh(store, caller, document);
    boolean inserted = store.insert(domain, TagRules.of(request.tags()), "", tx -> {
      int present = StudioStore.count(tx, ResourceKind.DOMAIN, caller, "");
      if (present >= MOST) {
        throw Fault.limitExceeded("The account-level service limit 'Total domains' is " + MOST
            + " Domains, with current utilization of " + present + " Domains and a request delta of 1 Domains. "
            + "Please contact AWS support to request an increase for this limit.");
      }
    });
    if (!inserted) {
      throw StudioFaults.TAKEN;
    }
    life.act(domain);
    return CreateDomainResponse.builder().domainArn(domain.arn().toString()).domainId(domain.name())
        .url(domain.text("Url").orElseThrow()).build();
  }

  /** A new domain of a checked document, with an id and, unless it is to have none, a file system of its own. */
  static StudioResource fresh(StudioStore store, Caller caller, Map<String, Object> checked) {
    Map<String, Object> document = new LinkedHashMap<>(checked);
    String id = StudioIds.domain();
    document.putIfAbsent("AppNetworkAccessType", "PublicInternetOnly");
    document.putIfAbsent("TagPropagation", "DISABLED");
    document.put("Url", url(id, caller.region()));
    withFileSystem(document);
    return StudioResource.fresh(ResourceKind.DOMAIN, caller, "", id, document, ResourceState.PENDING, store.now());
  }

  private static void withFileSystem(Map<String, Object> document) {
    if (!"Disabled".equals(document.get("HomeEfsFileSystemCreation"))) {
      document.putIfAbsent("HomeEfsFileSystemId", StudioIds.fileSystem());
    }
  }

  private static String url(String id, Region region) {
    String suffix = region.partition().id().equals("aws-cn") ? "sagemaker.com.cn" : "sagemaker.aws";
    return "https://" + id + ".studio." + region.name() + "." + suffix;
  }

  DescribeDomainResponse describeDomain(Caller caller, DescribeDomainRequest request) {
    StudioResource domain = require(store, caller, request.domainId());
    return DescribeDomainResponse.fromDocument(domain.document()).toBuilder()
        .domainArn(domain.arn().toString())
        .domainId(domain.name())
        .status(domain.status())
        .creationTime(domain.createdAt())
        .lastModifiedTime(domain.modifiedAt())
        .failureReason(domain.shownFailure().orElse(null))
        .build();
  }

  /** The domain. Throws ResourceNotFound when there is none. */
  static StudioResource require(StudioStore store, Caller caller, String id) {
    return store.find(ResourceKind.DOMAIN.arn(caller, id)).orElseThrow(() -> missing(id));
  }

  static Fault missing(String id) {
    return Fault.resourceNotFound("Domain [" + id + "] does not exist.");
  }

  ListDomainsResponse listDomains(Caller caller, ListDomainsRequest request) {
    Page<StudioResource> page = StudioListing.of(caller, ResourceKind.DOMAIN, request.toDocument(),
        Direction.DESCENDING).page(store);
    return ListDomainsResponse.builder()
        .domains(page.items().stream().map(domain -> DomainDetails.builder()
            .domainArn(domain.arn().toString())
            .domainId(domain.name())
            .domainName(domain.text("DomainName").orElse(null))
            .status(domain.status())
            .creationTime(domain.createdAt())
            .lastModifiedTime(domain.modifiedAt())
            .url(domain.text("Url").orElse(null))
            .build()).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  UpdateDomainResponse updateDomain(Caller caller, UpdateDomainRequest request) {
    StudioResource domain = require(store, caller, request.domainId());
    Map<String, Object> asked = DomainRules.asked(request.toDocument());
    settings.check(caller, asked);
    StudioResource changed = store.change(domain.arn(), ResourceEvent.UPDATE, document -> {
      Map<String, Object> next = Documents.changed(document, asked);
      DomainRules.check(next);
      DomainRules.checkChange(document, next);
      withFileSystem(next);
      return next;
    }, tx -> {
      if (DomainRules.needsStoppedApps(asked)) {
        Dependents.refuseApps(tx, "update", domain);
      }
    }, StudioFaults.inState("update")).orElseThrow(() -> missing(request.domainId()));
    life.act(changed);
    return UpdateDomainResponse.builder().domainArn(domain.arn().toString()).build();
  }

  /** Retains the file system unless it is asked to go: a domain that keeps it names it no more. */
  NoOutput deleteDomain(Caller caller, DeleteDomainRequest request) {
    StudioResource domain = require(store, caller, request.domainId());
    boolean retained = request.retentionPolicy() == null
        || !"Delete".equals(request.retentionPolicy().homeEfsFileSystem());
    StudioResource changed = store.change(domain.arn(), ResourceEvent.DELETE,
        document -> retained ? Documents.without(document, "HomeEfsFileSystemId") : document,
        tx -> Dependents.refuseDomain(tx, domain), StudioFaults.inState("delete"))
        .orElseThrow(() -> missing(request.domainId()));
    life.act(changed);
    return new NoOutput();
  }
}
