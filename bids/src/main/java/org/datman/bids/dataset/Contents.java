package org.datman.bids.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.datman.bids.dataset.Content.Fault;
import org.datman.bids.dataset.Content.FaultCode;
import org.datman.bids.expression.JsonValues;

/** Reads JSON files and tables, each once until {@link #forget}. Not for several threads. */
public final class Contents {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** A value of one character takes more than 30 times its text in memory, so a table may have this part of the heap as text. */
    private static final int HEAP_PARTS = 64;

    private static final int MOST_TEXT = 200_000_000;

    private final int tableLimit;
    private final Map<String, Content<Map<String, Object>>> objects = new HashMap<>();
    private final Map<String, Content<Map<String, List<Object>>>> tables = new HashMap<>();

    /** Reads of each table the first 200 MB of its unpacked text, or the first 64th of the heap if that is less. */
    public Contents() {
        this((int) Math.min(MOST_TEXT, Runtime.getRuntime().maxMemory() / HEAP_PARTS));
    }

    /** @param tableLimit how many bytes of the unpacked text of a table are read */
    public Contents(int tableLimit) {
        this.tableLimit = tableLimit;
    }

    /** Forgets what was read below a path; what lies above stays, for it is read for many. */
    public void forget(String path) {
        objects.keySet().removeIf(each -> each.startsWith(path));
        tables.keySet().removeIf(each -> each.startsWith(path));
    }

    /** The object in a JSON file. */
    public Content<Map<String, Object>> json(DatasetFile file) {
        return objects.computeIfAbsent(file.path(), path -> readJson(file));
    }

    /** The columns of a table with a header, in order. */
    public Content<Map<String, List<Object>>> table(DatasetFile file) {
        return tables.computeIfAbsent(file.path(), path -> readTable(file));
    }

    private static Content<Map<String, Object>> readJson(DatasetFile file) {
        String text;
        try {
            text = decode(Files.readAllBytes(file.onDisk()));
        } catch (CharacterCodingException notUtf8) {
            return Content.broken(Map.of(), Fault.of(FaultCode.INVALID_JSON_ENCODING));
        } catch (IOException unreadable) {
            return Content.broken(Map.of(), fault(unreadable));
        }
        if (text.startsWith("\uFEFF")) {
            return Content.broken(Map.of(), Fault.of(FaultCode.INVALID_JSON_ENCODING));
        }
        try {
            JsonNode node = JSON.readTree(text);
            if (node.isMissingNode()) {
                return Content.broken(Map.of(), Fault.of(FaultCode.JSON_INVALID));
            }
            if (!node.isObject()) {
                return Content.broken(
                        Map.of(),
                        new Fault(
                                FaultCode.JSON_NOT_AN_OBJECT,
                                0,
                                text.length() > 10 ? text.substring(0, 10) + "..." : text));
            }
            return Content.of(JsonValues.object(JsonValues.of(node)));
        } catch (JsonProcessingException invalid) {
            int line = invalid.getLocation() == null ? 0 : invalid.getLocation().getLineNr();
            return Content.broken(Map.of(), new Fault(FaultCode.JSON_INVALID, line, invalid.getOriginalMessage()));
        }
    }

    private Content<Map<String, List<Object>>> readTable(DatasetFile file) {
        Start start;
        List<String> lines;
        try (InputStream stream = Files.newInputStream(file.onDisk())) {
            start = wholeLines(stream);
            lines = lines(start.bytes());
        } catch (CharacterCodingException notUtf8) {
            return Content.broken(Map.of(), Fault.of(FaultCode.INVALID_FILE_ENCODING));
        } catch (IOException unreadable) {
            return Content.broken(Map.of(), fault(unreadable));
        }
        List<String> headers = lines.isEmpty() || lines.get(0).isEmpty()
                ? List.of()
                : List.of(lines.get(0).split("\t", -1));
        if (new HashSet<>(headers).size() != headers.size()) {
            return Content.broken(
                    Map.of(), new Fault(FaultCode.TSV_COLUMN_HEADER_DUPLICATE, 1, String.join(", ", headers)));
        }
        return columns(headers, lines, 1, start.limit());
    }

    /**
     * The beginning of a table.
     *
     * @param bytes whole lines
     * @param limit as in {@link Content}
     */
    private record Start(byte[] bytes, int limit) {}

    private Start wholeLines(InputStream stream) throws IOException {
        byte[] bytes = stream.readNBytes(tableLimit);
        if (bytes.length < tableLimit || stream.read() < 0) {
            return new Start(bytes, 0);
        }
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        if (end == 0) {
            throw new IOException("its first line is longer than " + tableLimit + " bytes");
        }
        return new Start(java.util.Arrays.copyOf(bytes, end), tableLimit);
    }

    /** The columns of a table whose headers stand elsewhere: physiological recordings and motion. */
    public Content<Map<String, List<Object>>> table(DatasetFile file, List<String> headers, boolean compressed) {
        try (InputStream stream = Files.newInputStream(file.onDisk());
                InputStream plain = compressed ? new GZIPInputStream(stream) : stream) {
            Start start = wholeLines(plain);
            return columns(headers, lines(start.bytes()), 0, start.limit());
        } catch (CharacterCodingException notUtf8) {
            return Content.broken(
                    Map.of(), Fault.of(compressed ? FaultCode.INVALID_GZIP : FaultCode.INVALID_FILE_ENCODING));
        } catch (ZipException | EOFException noGzip) {
            return Content.broken(Map.of(), Fault.of(FaultCode.INVALID_GZIP));
        } catch (IOException unreadable) {
            return Content.broken(Map.of(), fault(unreadable));
        }
    }

    private static Content<Map<String, List<Object>>> columns(
            List<String> headers, List<String> lines, int first, int limit) {
        List<List<Object>> columns = new ArrayList<>();
        headers.forEach(header -> columns.add(new ArrayList<>()));
        for (int row = first; row < lines.size(); row++) {
            String line = lines.get(row);
            if (line.isEmpty()) {
                if (row == lines.size() - 1) {
                    break; // One empty line at the end is forgiven.
                }
                return Content.broken(Map.of(), new Fault(FaultCode.TSV_EMPTY_LINE, row + 1, ""));
            }
            String[] values = line.split("\t", -1);
            if (values.length != headers.size()) {
                return Content.broken(Map.of(), new Fault(FaultCode.TSV_EQUAL_ROWS, row + 1, ""));
            }
            for (int i = 0; i < values.length; i++) {
                columns.get(i).add(values[i]);
            }
        }
        Map<String, List<Object>> byName = new LinkedHashMap<>();
        for (int i = 0; i < headers.size(); i++) {
            byName.put(headers.get(i), columns.get(i));
        }
        return new Content<>(byName, null, limit);
    }

    /** The text of a small file. */
    public static Content<String> text(DatasetFile file) {
        try {
            return Content.of(Files.readString(file.onDisk(), StandardCharsets.ISO_8859_1));
        } catch (IOException unreadable) {
            return Content.broken("", fault(unreadable));
        }
    }

    /** The first bytes of a file: fewer if it is shorter. */
    static byte[] start(DatasetFile file, int count) throws IOException {
        try (InputStream stream = Files.newInputStream(file.onDisk())) {
            return stream.readNBytes(count);
        }
    }

    /** Lines end with LF or CR LF; the last need not. */
    private static List<String> lines(byte[] bytes) throws CharacterCodingException {
        String text = decode(bytes);
        if (text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        List<String> lines = new ArrayList<>();
        int from = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
            lines.add(text.substring(from, end > from && text.charAt(end - 1) == '\r' ? end - 1 : end));
            from = end + 1;
        }
        if (from < text.length()) {
            lines.add(text.substring(from));
        }
        return lines;
    }

    private static String decode(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static Fault fault(IOException unreadable) {
        return new Fault(FaultCode.FILE_READ, 0, String.valueOf(unreadable.getMessage()));
    }

    /** As much as can be decompressed of the beginning of a gzip file. */
    static byte[] decompress(byte[] start, int count) throws IOException {
        byte[] plain = new byte[count];
        int filled = 0;
        try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(start), start.length)) {
            while (filled < count) {
                int read = stream.read(plain, filled, count - filled);
                if (read < 0) {
                    break;
                }
                filled += read;
            }
        } catch (EOFException endOfBeginning) {
            // The file goes on; what there is was decompressed.
        }
        return java.util.Arrays.copyOf(plain, filled);
    }
}
