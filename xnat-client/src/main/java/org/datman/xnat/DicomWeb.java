package org.datman.xnat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * DICOMweb of a server: the headers of all files of a series by one request (WADO-RS metadata), for which the server opens every file: a search (QIDO-RS)
 * tells before whether it has as many instances as files are listed. A shortcut: each request is sent once and
 * says nothing about the server when it fails; whoever asks can read a file instead.
 */
public final class DicomWeb {

    private static final Pattern UID = Pattern.compile("[0-9.]{1,64}");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SOP_INSTANCE_UID = "00080018";
    private static final String SERIES_UID = "0020000E";

    /** NumberOfSeriesRelatedInstances. */
    private static final String INSTANCES = "00201209";

    /** So long it is not asked after it failed: a session has dozens of series, and each would wait for it. */
    private static final Duration REST = Duration.ofMinutes(5);

    private final DicomWebServer server;
    private final LongSupplier nanos;
    private volatile @Nullable Failure failure;

    private record Failure(String why, long at) {}

    DicomWeb(DicomWebServer server, LongSupplier nanos) {
        this.server = server;
        this.nanos = nanos;
    }

    /**
     * A series and its files.
     *
     * @param studyUid null when the server knows none
     * @param uid SeriesInstanceUID, null when the server knows none
     * @param files all files of the resource
     */
    public record Series(
            String project,
            @Nullable String studyUid,
            @Nullable String uid,
            ResourceRef resource,
            Collection<XnatFile> files) {}

    /**
     * The headers of some files of a series, as DICOM JSON (PS3.18 annex F), by path. They are given only when the plug-in has exactly
     * one header for each file of the series, and none besides: it leaves out what it cannot read, and adds what
     * another session of the project has with the same UIDs.
     *
     * @param wanted paths of the files
     * @throws XnatProtocol when the plug-in's answer is no list of headers, or not of these files
     * @throws XnatGone without the plug-in, or when it does not know the series
     * @throws XnatOutage when it does not answer
     */
    public Map<String, JsonNode> headers(Series series, Set<String> wanted) {
        String study = checked(series.studyUid());
        String uid = checked(series.uid());
        String all = server.series(series, study);
        Failure before = failure;
        if (before != null && nanos.getAsLong() - before.at() < REST.toNanos()) {
            throw new XnatProtocol("it is not asked for " + REST.toMinutes() + " minutes after this: " + before.why());
        }
        Map<String, String> instances = instances(series);
        requireAsMany(instances.size(), all + "?SeriesInstanceUID=" + uid, uid);
        Found found = found(all + "/" + uid + "/metadata", wantedUids(instances, wanted));
        List<String> expected = instances.values().stream().sorted().toList();
        if (!found.uids().stream().sorted().toList().equals(expected)) {
            Set<String> known = new HashSet<>(expected);
            known.retainAll(Set.copyOf(found.uids()));
            throw new XnatProtocol("it has headers of " + known.size() + " of the " + expected.size() + " files, and "
                    + (found.uids().size() - known.size()) + " others");
        }
        Map<String, JsonNode> headers = new HashMap<>();
        for (String file : wanted) {
            String instance = instances.get(file);
            JsonNode header = instance == null ? null : found.wanted().get(instance);
            if (header != null) {
                headers.put(file, header);
            }
        }
        return headers;
    }

    private static String checked(@Nullable String uid) {
        if (uid == null || !UID.matcher(uid).matches()) {
            throw new XnatProtocol("the UIDs of study and series are not known");
        }
        return uid;
    }

    /** Two sessions of a project may be one study of the server, whose headers would be read in vain. */
    private void requireAsMany(int files, String search, String uid) {
        long instances = asked(() -> server.once("dicomweb", search, body -> {
            long sum = 0;
            for (JsonNode row : XnatJson.array(body)) {
                boolean isThis =
                        row.path(SERIES_UID).path("Value").path(0).asText().equals(uid);
                JsonNode count = row.path(INSTANCES).path("Value").path(0);
                // A server that does not count is asked for the headers.
                sum += isThis ? count.asLong(files) : 0;
            }
            return sum;
        }));
        if (instances != files) {
            throw new XnatProtocol(
                    "it finds " + instances + " instances of the series, and " + files + " files are listed");
        }
    }

    private static Set<String> wantedUids(Map<String, String> instances, Set<String> wanted) {
        Map<String, String> some = new HashMap<>(instances);
        some.keySet().retainAll(wanted);
        return Set.copyOf(some.values());
    }

    private Map<String, String> instances(Series series) {
        Map<String, String> known = asked(() -> server.instances(series));
        Map<String, String> instances = new HashMap<>();
        for (XnatFile file : series.files()) {
            String uid = known.get(file.path());
            if (uid == null) {
                throw new XnatProtocol("the SOPInstanceUID of a file is not known");
            }
            instances.put(file.path(), uid);
        }
        if (new HashSet<>(instances.values()).size() < instances.size()) {
            throw new XnatProtocol("some of the files have the same SOPInstanceUID");
        }
        return instances;
    }

    /**
     * What the plug-in has of a series.
     *
     * @param uids the SOPInstanceUIDs of all headers
     * @param wanted some of the headers by SOPInstanceUID
     */
    private record Found(List<String> uids, Map<String, JsonNode> wanted) {}

    private Found found(String path, Set<String> wanted) {
        return asked(() -> server.once("dicomweb", path, body -> {
            Found found = new Found(new ArrayList<>(), new HashMap<>());
            try (JsonParser parser = JSON.createParser(body)) {
                require(parser.nextToken() == JsonToken.START_ARRAY);
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    JsonNode header = JSON.readTree(parser);
                    String uid =
                            header.path(SOP_INSTANCE_UID).path("Value").path(0).asText();
                    found.uids().add(uid);
                    if (wanted.contains(uid)) {
                        found.wanted().put(uid, header);
                    }
                }
                require(parser.currentToken() == JsonToken.END_ARRAY);
            } catch (JsonProcessingException e) {
                throw new MalformedBody("it is not JSON, or not all of it", e);
            }
            return found;
        }));
    }

    private static void require(boolean isList) throws MalformedBody {
        if (!isList) {
            throw new MalformedBody("it is no list of headers");
        }
    }

    private <T> T asked(Supplier<T> request) {
        try {
            T answer = request.get();
            failure = null;
            return answer;
        } catch (XnatOutage | XnatProtocol e) {
            failure = new Failure(e.getMessage(), nanos.getAsLong());
            throw e;
        }
    }
}
