package org.datman.simulator.redcap;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * REDCap's API as its documentation describes <i>Export Records</i>: a POST of a form with token, content, format and type; records and fields are
 * arrays; a wrong token is 403, an unknown field 400, both with the error as JSON; rows are flat and hold the fields that were asked for.
 */
public final class RedcapStandIn implements AutoCloseable {

    /** The only token that is right. */
    public static final String TOKEN = "0123456789ABCDEF0123456789ABCDEF";

    private static final Set<String> FIELDS = Set.of(
            "record_id",
            "par_id",
            "date",
            "cmts",
            "scan_completed_complete",
            "other_complete",
            "a_complete",
            "planned");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    /** A stored row, and when it was changed last, in REDCap's local time. */
    private record Stored(Map<String, String> values, String event, LocalDateTime changed) {}

    private final HttpServer server;
    private final List<Stored> rows = new CopyOnWriteArrayList<>();
    private final List<Map<String, String>> requests = new CopyOnWriteArrayList<>();
    private volatile Set<String> hidden = Set.of();
    private volatile int status = 200;
    private volatile boolean empty;
    private volatile String refused = "";
    private volatile boolean failsOnRecords;
    private volatile CountDownLatch trickling = new CountDownLatch(0);

    /**
     * Starts it on a free port of this machine.
     *
     * @throws IOException when it cannot
     */
    public RedcapStandIn() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/", this::answer);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }

    /** Address of the API. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api/");
    }

    /** The forms of the requests that came, in their order. */
    public List<Map<String, String>> requests() {
        return List.copyOf(requests);
    }

    /** A form is saved. */
    public void save(String record, String event, String session, String date, String complete, LocalDateTime changed) {
        rows.removeIf(row ->
                record.equals(row.values().get("record_id")) && row.event().equals(event));
        add(record, event, session, date, complete, changed);
    }

    /** The same form once more: a repeated instrument. */
    public void add(String record, String event, String session, String date, String complete, LocalDateTime changed) {
        rows.add(new Stored(
                Map.of(
                        "record_id", record,
                        "par_id", session,
                        "date", date,
                        "cmts", "Mrs. Doe was nervous",
                        "scan_completed_complete", complete),
                event,
                changed));
    }

    /** A day is planned at an event; a row of the plan has nothing of the form. */
    public void plan(String record, String event, String subject, String day, LocalDateTime changed) {
        rows.removeIf(row ->
                record.equals(row.values().get("record_id")) && row.event().equals(event));
        rows.add(new Stored(
                Map.of("record_id", record, "par_id", subject, "planned", day, "cmts", "Mrs. Doe was nervous"),
                event,
                changed));
    }

    /** A record with all its rows is gone. */
    public void delete(String record) {
        rows.removeIf(row -> record.equals(row.values().get("record_id")));
    }

    /** Fields that the account may not export: absent, without an error. */
    public void hide(String... fields) {
        hidden = Set.of(fields);
    }

    /** Every request is answered so; 200 for as usual. */
    public void answerWith(int code) {
        status = code;
    }

    /** Whether the account sees no record, as with a data access group without any. */
    public void empty(boolean isEmpty) {
        empty = isEmpty;
    }

    /** Requests that name this record are refused. */
    public void refuse(String record) {
        refused = record;
    }

    /** Whether requests that name records are answered with 503. */
    public void failOnRecords(boolean fails) {
        failsOnRecords = fails;
    }

    /** Answers come byte by byte without an end from now on, until the latch is counted down. */
    public CountDownLatch trickle() {
        trickling = new CountDownLatch(1);
        return trickling;
    }

    @Override
    public void close() {
        trickling.countDown();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        Map<String, String> form = new TreeMap<>();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        for (String pair : body.split("&")) {
            int equals = pair.indexOf('=');
            form.put(
                    URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                    URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        requests.add(form);
        if (trickling.getCount() > 0) {
            trickle(exchange);
        } else if (status != 200 || (failsOnRecords && !array(form, "records").isEmpty())) {
            send(exchange, status == 200 ? 503 : status, Map.of("error", "An unknown error occurred"));
        } else if (!exchange.getRequestMethod().equals("POST") || !TOKEN.equals(form.get("token"))) {
            send(exchange, 403, Map.of("error", "You do not have permissions to use the API"));
        } else if (!refused.isEmpty() && array(form, "records").contains(refused)) {
            send(exchange, 400, Map.of("error", "The value of the parameter \"records\" is not valid"));
        } else if (!"record".equals(form.get("content"))
                || !"json".equals(form.get("format"))
                || !"flat".equals(form.get("type"))) {
            send(exchange, 400, Map.of("error", "The value of the parameter \"content\" is not valid"));
        } else {
            List<String> fields = array(form, "fields");
            List<String> unknown =
                    fields.stream().filter(field -> !FIELDS.contains(field)).toList();
            if (!unknown.isEmpty()) {
                send(
                        exchange,
                        400,
                        Map.of("error", "The following values in the parameter \"fields\" are not valid: " + unknown));
            } else {
                send(exchange, 200, export(form, fields));
            }
        }
    }

    private void trickle(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            while (!trickling.await(20, TimeUnit.MILLISECONDS)) {
                body.write(' ');
                body.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Map<String, String>> export(Map<String, String> form, List<String> fields) {
        List<String> records = array(form, "records");
        List<Map<String, String>> answer = new ArrayList<>();
        for (Stored row : empty ? List.<Stored>of() : rows) {
            boolean wanted = records.isEmpty() || records.contains(row.values().get("record_id"));
            String begin = form.get("dateRangeBegin");
            if (wanted && (begin == null || !row.changed().isBefore(LocalDateTime.parse(begin, TIME)))) {
                Map<String, String> values = new LinkedHashMap<>();
                if (!row.event().isEmpty()) {
                    values.put("redcap_event_name", row.event());
                }
                fields.stream()
                        .filter(field -> !hidden.contains(field))
                        .forEach(field -> values.put(field, row.values().getOrDefault(field, "")));
                answer.add(values);
            }
        }
        return answer;
    }

    private static List<String> array(Map<String, String> form, String name) {
        return form.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(name + "["))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static void send(HttpExchange exchange, int code, Object content) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(content);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
