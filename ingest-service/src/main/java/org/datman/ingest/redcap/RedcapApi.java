package org.datman.ingest.redcap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.datman.contracts.event.Reason;
import org.datman.contracts.study.RedcapPlan;
import org.datman.contracts.study.RedcapRule;
import org.jspecify.annotations.Nullable;

/**
 * REDCap's API, <i>Export Records</i>: a POST with the token and what is asked for. Only four fields of the form leave REDCap, and
 * of the visit plan the subjects and their days; comments and names of staff are not asked for. Only the address of the study file is ever called, and no redirect is followed: the token is in the body.
 */
@ApplicationScoped
class RedcapApi {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    /** REDCap compares with its own local time, which is between UTC-12 and UTC+14. */
    private static final Duration ZONES = Duration.ofHours(12);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final int MOST_OF_AN_ERROR = 200;

    private final RedcapSettings settings;
    private final HttpClient http;

    RedcapApi(RedcapSettings settings) {
        this.settings = settings;
        this.http = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    /** The forms of these records, as they are now. */
    List<RedcapRow> records(String study, RedcapRule rule, Collection<String> records) throws RedcapException {
        Map<String, String> query = new LinkedHashMap<>();
        int i = 0;
        for (String record : records) {
            query.put("records[" + i++ + "]", record);
        }
        return export(study, rule, query);
    }

    /**
     * The forms of all records, or of those that changed.
     *
     * @param since changed since then, or a little before; null for all
     */
    List<RedcapRow> changed(String study, RedcapRule rule, @Nullable Instant since) throws RedcapException {
        return export(
                study,
                rule,
                since == null
                        ? Map.of()
                        : Map.of(
                                "dateRangeBegin", TIME.format(since.minus(ZONES).atOffset(ZoneOffset.UTC))));
    }

    /** What all records plan. */
    List<PlanRow> plan(String study, RedcapPlan plan) throws RedcapException {
        Set<String> fields = new LinkedHashSet<>(List.of(plan.recordField(), plan.subjectField()));
        plan.visits().forEach(visit -> fields.add(visit.dateField()));
        List<PlanRow> rows = new ArrayList<>();
        for (JsonNode row : export(study, plan.url(), List.copyOf(fields), Map.of())) {
            Map<String, String> values = new HashMap<>();
            fields.forEach(field -> values.put(field, text(row, field)));
            rows.add(new PlanRow(new RedcapKey(text(row, plan.recordField()), event(row)), values));
        }
        return rows;
    }

    private List<RedcapRow> export(String study, RedcapRule rule, Map<String, String> query) throws RedcapException {
        List<String> fields = List.of(rule.recordField(), rule.sessionField(), rule.dateField(), rule.completeField());
        List<RedcapRow> rows = new ArrayList<>();
        for (JsonNode row : export(study, rule.url(), fields, query)) {
            rows.add(new RedcapRow(
                    text(row, rule.recordField()),
                    event(row),
                    text(row, rule.sessionField()),
                    text(row, rule.dateField()),
                    text(row, rule.completeField())));
        }
        return rows;
    }

    private static String text(JsonNode row, String field) {
        return row.path(field).asText("").strip();
    }

    private static String event(JsonNode row) {
        return text(row, "redcap_event_name");
    }

    private JsonNode export(String study, URI url, List<String> fields, Map<String, String> query)
            throws RedcapException {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("token", token(study));
        form.put("content", "record");
        form.put("action", "export");
        form.put("format", "json");
        form.put("type", "flat");
        form.put("rawOrLabel", "raw");
        form.put("returnFormat", "json");
        for (int i = 0; i < fields.size(); i++) {
            form.put("fields[" + i + "]", fields.get(i));
        }
        form.putAll(query);
        HttpResponse<byte[]> answer = answer(HttpRequest.newBuilder(url)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofString(encoded(form)))
                .build());
        if (answer.statusCode() != 200) {
            throw refused(answer.statusCode(), answer.body());
        }
        return rows(answer.body(), fields);
    }

    /** The whole answer, in the time and of the size that the settings allow: a request's own timeout ends with the headers. */
    private HttpResponse<byte[]> answer(HttpRequest request) throws RedcapException {
        CompletableFuture<HttpResponse<byte[]>> call =
                http.sendAsync(request, head -> new BoundedBody(settings.maxAnswer()));
        try {
            return call.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw failed("its answer is not complete after "
                    + settings.timeout().toSeconds() + " s (datman.redcap.timeout)");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw failed(
                    cause instanceof BoundedBody.TooLarge
                            ? "its answer is larger than datman.redcap.max-answer"
                            : "it does not answer: "
                                    + (cause == null ? e : cause).getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("reading it was interrupted");
        } finally {
            call.cancel(true);
        }
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(entry -> URLEncoder.encode(entry.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    /** Fields that the account may not see are absent from REDCap's rows, without an error. */
    private static JsonNode rows(byte[] json, List<String> fields) throws RedcapException {
        try {
            JsonNode answer = JSON.readTree(json);
            if (answer == null || !answer.isArray()) {
                throw failed("its answer is no list of records");
            }
            for (JsonNode row : answer) {
                for (String field : fields) {
                    if (!row.has(field)) {
                        throw new RedcapException(
                                new Reason(
                                        "redcap-field-absent",
                                        "REDCap's answer has no field " + field,
                                        "Give the account of the API token the right to export it, or correct Redcap of the study file"));
                    }
                }
            }
            return answer;
        } catch (JsonProcessingException e) {
            throw failed("its answer is no JSON");
        } catch (IOException e) {
            throw failed("its answer cannot be read");
        }
    }

    private static RedcapException failed(String why) {
        return new RedcapException(new Reason(
                "redcap-not-read",
                "REDCap cannot be read: " + why,
                "Look whether REDCap is up and reached from ingest; it is read again by itself"));
    }

    /** REDCap's errors name parameters and rights, never data of a record. */
    private static RedcapException refused(int status, byte[] body) {
        String text = "";
        try {
            text = Optional.ofNullable(JSON.readTree(body))
                    .map(answer -> answer.path("error").asText(""))
                    .orElse("");
        } catch (IOException notJson) {
            // The status says enough.
        }
        String error = text.substring(0, Math.min(MOST_OF_AN_ERROR, text.length()));
        return status >= 500 || status == 408 || status == 429
                ? failed("it answers HTTP " + status)
                : new RedcapException(
                        new Reason(
                                RedcapException.REFUSED,
                                "REDCap refuses the export: HTTP " + status + (error.isEmpty() ? "" : ", " + error),
                                "Correct the API token or its rights in REDCap, or Redcap of the study file; it is read again by itself"));
    }

    private String token(String study) throws RedcapException {
        // A name from the environment is in lower case.
        Optional<String> token = settings.token().entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(study))
                .map(Map.Entry::getValue)
                .findFirst();
        if (token.isEmpty() && settings.tokens().isPresent()) {
            try {
                token = Optional.of(Files.readString(settings.tokens().get().resolve(study), StandardCharsets.UTF_8));
            } catch (IOException e) {
                token = Optional.empty();
            }
        }
        return token.map(String::strip)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> new RedcapException(new Reason(
                        "redcap-token-missing",
                        "There is no API token of REDCap for study " + study,
                        "Set DATMAN_REDCAP_TOKEN_" + study + " for ingest, or put the token into the file " + study
                                + " of the folder datman.redcap.tokens")));
    }
}
