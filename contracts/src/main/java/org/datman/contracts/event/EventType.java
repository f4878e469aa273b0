package org.datman.contracts.event;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The kinds of event: CloudEvents type name, payload record and topic, in processing order of a session. */
public enum EventType {
    SESSION_DISCOVERED("session-discovered", "org.datman.session.discovered.v1", SessionDiscovered.class),
    SERIES_DISCOVERED("series-discovered", "org.datman.series.discovered.v1", SeriesDiscovered.class),
    RESOURCE_DISCOVERED("resource-discovered", "org.datman.resource.discovered.v1", ResourceDiscovered.class),
    SESSION_SETTLED("session-settled", "org.datman.session.settled.v1", SessionSettled.class),
    SERIES_TAGGED("series-tagged", "org.datman.series.tagged.v1", SeriesTagged.class),
    SERIES_EXPORTED("series-exported", "org.datman.series.exported.v1", SeriesExported.class),
    RESOURCE_EXPORTED("resource-exported", "org.datman.resource.exported.v1", ResourceExported.class),
    QC_COMPLETE("qc-complete", "org.datman.qc.complete.v1", QcComplete.class),
    QC_ALARM("qc-alarm", "org.datman.qc.alarm.v1", QcAlarm.class),
    SESSION_CHECKED("session-checked", "org.datman.session.checked.v1", SessionChecked.class),
    VISIT_PLANNED("visit-planned", "org.datman.visit.planned.v1", VisitPlanned.class),
    VISIT_CHECKED("visit-checked", "org.datman.visit.checked.v1", VisitChecked.class),
    FORM_CHECKED("form-checked", "org.datman.form.checked.v1", FormChecked.class),
    QC_REVIEWED("qc-reviewed", "org.datman.qc.reviewed.v1", QcReviewed.class),
    GOLD_STANDARD_SET("gold-standard-set", "org.datman.gold-standard.set.v1", GoldStandardSet.class),
    SERIES_ASSIGNED("series-assigned", "org.datman.series.assigned.v1", SeriesAssigned.class),
    PIPELINE_REQUESTED("pipeline-requested", "org.datman.pipeline.requested.v1", PipelineRequested.class),
    PIPELINE_UPDATED("pipeline-updated", "org.datman.pipeline.updated.v1", PipelineUpdated.class),
    PIPELINE_CANCELLED("pipeline-cancelled", "org.datman.pipeline.cancelled.v1", PipelineCancelled.class),
    PIPELINE_ANSWERED("pipeline-answered", "org.datman.pipeline.answered.v1", PipelineAnswered.class),
    PIPELINE_PAUSED("pipeline-paused", "org.datman.pipeline.paused.v1", PipelinePaused.class),
    REPROCESS_REQUESTED("reprocess-requested", "org.datman.reprocess.requested.v1", ReprocessRequested.class),
    CONFIGURATION_READ("configuration-read", "org.datman.configuration.read.v1", ConfigurationRead.class),
    CONFIGURATION_CONFIRMED(
            "configuration-confirmed", "org.datman.configuration.confirmed.v1", ConfigurationConfirmed.class),
    PROCESSING_FAILED("processing-failed", "org.datman.processing.failed.v1", ProcessingFailed.class);

    private static final Map<Class<?>, EventType> BY_PAYLOAD =
            Arrays.stream(values()).collect(Collectors.toMap(EventType::payload, Function.identity()));
    private static final Map<String, EventType> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(EventType::typeName, Function.identity()));
    private static final Map<String, EventType> BY_TOPIC =
            Arrays.stream(values()).collect(Collectors.toMap(EventType::topic, Function.identity()));

    private final String topic;
    private final String typeName;
    private final Class<? extends Event> payload;

    EventType(String topic, String typeName, Class<? extends Event> payload) {
        this.topic = topic;
        this.typeName = typeName;
        this.payload = payload;
    }

    /** The Kafka topic to which events of this type are published. */
    public String topic() {
        return topic;
    }

    /** The CloudEvents {@code type}. */
    public String typeName() {
        return typeName;
    }

    /** The record of the payload. */
    public Class<? extends Event> payload() {
        return payload;
    }

    /** Class path of the payload's JSON Schema; also the end of its {@code ce_dataschema}. */
    public String schemaResource() {
        return "schemas/" + topic + ".v1.schema.json";
    }

    /** The CloudEvents {@code dataschema}: a name, not an address that is fetched. */
    public String dataSchema() {
        return "https://datman.org/" + schemaResource();
    }

    /** The type of a payload record. */
    public static EventType of(Class<? extends Event> payload) {
        return Objects.requireNonNull(BY_PAYLOAD.get(payload), payload::getName);
    }

    /** The type with that CloudEvents name, if DATMAN knows it. */
    public static Optional<EventType> byTypeName(String typeName) {
        return Optional.ofNullable(BY_NAME.get(typeName));
    }

    /** The type published to that topic, if it is one of DATMAN's event topics. */
    public static Optional<EventType> byTopic(String topic) {
        return Optional.ofNullable(BY_TOPIC.get(topic));
    }
}
