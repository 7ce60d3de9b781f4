package dev.atelier.models;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A structure.
 *
 * @param members in the model's order
 * @param payload the member that is the whole body
 * @param union whether exactly one member is set
 * @param document whether values are free JSON
 * @param eventStream whether values are sequences of one-member documents
 * @param errorCode the code on the wire of a modelled error that is not the shape's name
 * @param locationName the root element when the structure is a payload
 */
public record StructureShape(String name, Map<String, Member> members, Optional<String> payload, boolean union,
    boolean document, boolean eventStream, boolean event, boolean exception, Optional<String> errorCode,
    OptionalInt errorStatus, boolean senderFault, Optional<String> locationName, Optional<XmlNamespace> xmlNamespace)
    implements Shape {}
