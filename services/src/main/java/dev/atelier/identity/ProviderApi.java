package dev.atelier.identity;

import dev.atelier.identity.RecordStore.Entry;
import dev.atelier.identity.RecordStore.Kind;
import dev.atelier.kernel.Caller;
import dev.atelier.models.NoOutput;
import dev.atelier.models.iam.AddClientIDToOpenIDConnectProviderRequest;
import dev.atelier.models.iam.CreateOpenIDConnectProviderRequest;
import dev.atelier.models.iam.CreateOpenIDConnectProviderResponse;
import dev.atelier.models.iam.CreateSAMLProviderRequest;
import dev.atelier.models.iam.CreateSAMLProviderResponse;
import dev.atelier.models.iam.DeleteOpenIDConnectProviderRequest;
import dev.atelier.models.iam.DeleteSAMLProviderRequest;
import dev.atelier.models.iam.GetOpenIDConnectProviderRequest;
import dev.atelier.models.iam.GetOpenIDConnectProviderResponse;
import dev.atelier.models.iam.GetSAMLProviderRequest;
import dev.atelier.models.iam.GetSAMLProviderResponse;
import dev.atelier.models.iam.IamOperations;
import dev.atelier.models.iam.ListOpenIDConnectProvidersRequest;
import dev.atelier.models.iam.ListOpenIDConnectProvidersResponse;
import dev.atelier.models.iam.ListSAMLProvidersRequest;
import dev.atelier.models.iam.ListSAMLProvidersResponse;
import dev.atelier.models.iam.OpenIDConnectProviderListEntry;
import dev.atelier.models.iam.RemoveClientIDFromOpenIDConnectProviderRequest;
import dev.atelier.models.iam.SAMLProviderListEntry;
import dev.atelier.models.iam.Tag;
import dev.atelier.models.iam.UpdateOpenIDConnectProviderThumbprintRequest;
import dev.atelier.models.iam.UpdateSAMLProviderRequest;
import dev.atelier.models.iam.UpdateSAMLProviderResponse;
import dev.atelier.operation.OperationTable;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The operations on identity providers. */
final class ProviderApi {
  private final Providers providers;
  private final IamWire wire;

  ProviderApi(Providers providers, IamWire wire) {
    this.providers = providers;
    this.wire = wire;
  }

  void register(OperationTable table) {
    table.on(IamOperations.createOpenIDConnectProvider(), this::createOpenIDConnectProvider)
        .on(IamOperations.getOpenIDConnectProvider(), this::getOpenIDConnectProvider)
        .on(IamOperations.listOpenIDConnectProviders(), this::listOpenIDConnectProviders)
        .on(IamOperations.deleteOpenIDConnectProvider(), this::deleteOpenIDConnectProvider)
        .on(IamOperations.addClientIDToOpenIDConnectProvider(), this::addClientID)
        .on(IamOperations.removeClientIDFromOpenIDConnectProvider(), this::removeClientID)
        .on(IamOperations.updateOpenIDConnectProviderThumbprint(), this::updateThumbprint)
        .on(IamOperations.createSAMLProvider(), this::createSAMLProvider)
        .on(IamOperations.getSAMLProvider(), this::getSAMLProvider)
        .on(IamOperations.listSAMLProviders(), this::listSAMLProviders)
        .on(IamOperations.updateSAMLProvider(), this::updateSAMLProvider)
        .on(IamOperations.deleteSAMLProvider(), this::deleteSAMLProvider);
  }

  CreateOpenIDConnectProviderResponse createOpenIDConnectProvider(
      Caller caller, CreateOpenIDConnectProviderRequest request) {
    Entry<Providers.Oidc> made = providers.createOidc(caller.account(), new Providers.Oidc(request.url(),
        request.clientIDList(), request.thumbprintList()), IamWire.asked(request.tags()));
    List<Tag> tags = wire.tags(made.id());
    return CreateOpenIDConnectProviderResponse.builder()
        .openIDConnectProviderArn(Providers.arn(caller.partition(), Kind.OIDC_PROVIDER, made))
        .tags(tags.isEmpty() ? null : tags).build();
  }

  GetOpenIDConnectProviderResponse getOpenIDConnectProvider(Caller caller, GetOpenIDConnectProviderRequest request) {
    Entry<Providers.Oidc> found = oidc(caller, request.openIDConnectProviderArn());
    return GetOpenIDConnectProviderResponse.builder()
        .url(found.name())
        .clientIDList(found.value().clients())
        .thumbprintList(found.value().thumbprints())
        .createDate(found.createdAt())
        .tags(wire.tags(found.id()))
        .build();
  }

  ListOpenIDConnectProvidersResponse listOpenIDConnectProviders(
      Caller caller, ListOpenIDConnectProvidersRequest request) {
    return ListOpenIDConnectProvidersResponse.builder()
        .openIDConnectProviderList(providers.list(caller.account(), Kind.OIDC_PROVIDER, Providers.Oidc.class).stream()
            .map(each -> OpenIDConnectProviderListEntry.builder()
                .arn(Providers.arn(caller.partition(), Kind.OIDC_PROVIDER, each)).build()).toList())
        .build();
  }

  NoOutput deleteOpenIDConnectProvider(Caller caller, DeleteOpenIDConnectProviderRequest request) {
    providers.delete(oidc(caller, request.openIDConnectProviderArn()));
    return new NoOutput();
  }

  NoOutput addClientID(Caller caller, AddClientIDToOpenIDConnectProviderRequest request) {
    Entry<Providers.Oidc> found = oidc(caller, request.openIDConnectProviderArn());
    Set<String> clients = new LinkedHashSet<>(found.value().clients());
    clients.add(request.clientID());
    providers.updateOidc(found, List.copyOf(clients), found.value().thumbprints());
    return new NoOutput();
  }

  NoOutput removeClientID(Caller caller, RemoveClientIDFromOpenIDConnectProviderRequest request) {
    Entry<Providers.Oidc> found = oidc(caller, request.openIDConnectProviderArn());
    providers.updateOidc(found, found.value().clients().stream()
        .filter(each -> !each.equals(request.clientID())).toList(), found.value().thumbprints());
    return new NoOutput();
  }

  NoOutput updateThumbprint(Caller caller, UpdateOpenIDConnectProviderThumbprintRequest request) {
    Entry<Providers.Oidc> found = oidc(caller, request.openIDConnectProviderArn());
    providers.updateOidc(found, found.value().clients(), request.thumbprintList());
    return new NoOutput();
  }

  private Entry<Providers.Oidc> oidc(Caller caller, String arn) {
    return providers.require(caller.account(), Kind.OIDC_PROVIDER, arn, Providers.Oidc.class);
  }

  CreateSAMLProviderResponse createSAMLProvider(Caller caller, CreateSAMLProviderRequest request) {
    Entry<Providers.Saml> made = providers.createSaml(caller.account(), request.name(),
        request.samlMetadataDocument(), IamWire.asked(request.tags()));
    List<Tag> tags = wire.tags(made.id());
    return CreateSAMLProviderResponse.builder()
        .samlProviderArn(Providers.arn(caller.partition(), Kind.SAML_PROVIDER, made))
        .tags(tags.isEmpty() ? null : tags).build();
  }

  GetSAMLProviderResponse getSAMLProvider(Caller caller, GetSAMLProviderRequest request) {
    Entry<Providers.Saml> found = saml(caller, request.samlProviderArn());
    return GetSAMLProviderResponse.builder()
        .samlProviderUUID(found.id())
        .samlMetadataDocument(found.value().metadata())
        .createDate(found.createdAt())
        .validUntil(Instant.ofEpochSecond(found.value().validUntil()))
        .tags(wire.tags(found.id()))
        .build();
  }

  ListSAMLProvidersResponse listSAMLProviders(Caller caller, ListSAMLProvidersRequest request) {
    return ListSAMLProvidersResponse.builder()
        .samlProviderList(providers.list(caller.account(), Kind.SAML_PROVIDER, Providers.Saml.class).stream()
            .map(each -> SAMLProviderListEntry.builder()
                .arn(Providers.arn(caller.partition(), Kind.SAML_PROVIDER, each))
                .createDate(each.createdAt())
                .validUntil(Instant.ofEpochSecond(each.value().validUntil())).build()).toList())
        .build();
  }

  UpdateSAMLProviderResponse updateSAMLProvider(Caller caller, UpdateSAMLProviderRequest request) {
    Entry<Providers.Saml> found = saml(caller, request.samlProviderArn());
    if (request.samlMetadataDocument() != null) {
      providers.updateSaml(found, request.samlMetadataDocument());
    }
    return UpdateSAMLProviderResponse.builder()
        .samlProviderArn(Providers.arn(caller.partition(), Kind.SAML_PROVIDER, found)).build();
  }

  NoOutput deleteSAMLProvider(Caller caller, DeleteSAMLProviderRequest request) {
    providers.delete(saml(caller, request.samlProviderArn()));
    return new NoOutput();
  }

  private Entry<Providers.Saml> saml(Caller caller, String arn) {
    return providers.require(caller.account(), Kind.SAML_PROVIDER, arn, Providers.Saml.class);
  }
}
