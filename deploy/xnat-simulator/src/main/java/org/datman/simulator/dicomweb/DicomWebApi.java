package org.datman.simulator.dicomweb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.naming.PercentEncoding;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomDatasetBuilder;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.dicom.Dictionary;
import org.datman.imaging.dicom.Vr;
import org.datman.simulator.archive.ArchivedFile;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.datman.simulator.archive.SimulatedArchive;
import org.datman.simulator.archive.Subject;
import org.datman.simulator.auth.Caller;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Request;
import org.datman.simulator.http.Response;
import org.jspecify.annotations.Nullable;

/**
 * {@code /xapi/dicomweb/projects/P}, as the plug-in's conformance statement of version 1.3 has it: searches at three levels with a fixed set
 * of attributes, and the headers of a study, a series or an instance. Files that cannot be read as DICOM are left out without a word;
 * sessions of one project with the same StudyInstanceUID are one study.
 */
public final class DicomWebApi {

    private static final String JSON = "application/dicom+json";
    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 1000;

    /** The plug-in ignores the last two. */
    private static final Set<String> PARAMETERS = Set.of("limit", "offset", "includefield", "fuzzymatching");

    private static final Map<String, Set<String>> KEYS = Map.of(
            "studies",
                    Set.of(
                            "StudyInstanceUID",
                            "StudyDate",
                            "StudyTime",
                            "PatientName",
                            "PatientID",
                            "AccessionNumber",
                            "ModalitiesInStudy"),
            "series", Set.of("SeriesInstanceUID", "Modality", "SeriesNumber", "SeriesDescription"),
            "instances", Set.of("SOPInstanceUID", "SOPClassUID", "InstanceNumber"));

    private final SimulatedArchive archive;
    private final Supplier<String> url;
    private final ObjectMapper mapper = new ObjectMapper();

    /** @param url address of the server, with its context path */
    public DicomWebApi(SimulatedArchive archive, Supplier<String> url) {
        this.archive = archive;
        this.url = url;
    }

    /** @param path what follows {@code /xapi/dicomweb} */
    public Response answer(Request request, Caller caller, List<String> path) throws IOException {
        if (path.size() < 3 || !path.get(0).equals("projects") || !path.get(2).equals("studies")) {
            throw Refusal.notDone(request.method() + " " + request.rawPath());
        }
        request.withMethod("GET").givenAs();
        String project = path.get(1);
        if (archive.project(project) == null || !caller.user().canRead(project)) {
            return missing(request, "Project", project);
        }
        Place place = Place.of(project, path.subList(3, path.size()));
        if (place == null) {
            throw Refusal.notDone("GET " + request.rawPath());
        }
        return place.metadata() ? metadata(request, place) : search(request, place);
    }

    /**
     * What a path names.
     *
     * @param study StudyInstanceUID, empty for a search of studies; so the others
     * @param searched the level of a search, empty for headers
     */
    private record Place(String project, String study, String series, String instance, String searched) {

        /** Null for a path that is none of the plug-in, or one that is not simulated. */
        static @Nullable Place of(String project, List<String> rest) {
            List<String> levels = List.of("studies", "series", "instances");
            List<String> uids = new ArrayList<>();
            String searched = "studies";
            for (int at = 0; at < rest.size(); at++) {
                String segment = rest.get(at);
                boolean isLast = at == rest.size() - 1;
                if (at % 2 == 0) {
                    uids.add(segment);
                    searched = "?";
                } else if (isLast && segment.equals("metadata")) {
                    searched = "";
                } else if (uids.size() < 3 && segment.equals(levels.get(uids.size()))) {
                    searched = segment;
                } else {
                    return null;
                }
            }
            if (searched.equals("?") || uids.size() > 3) {
                return null;
            }
            return new Place(project, at(uids, 0), at(uids, 1), at(uids, 2), searched);
        }

        private static String at(List<String> uids, int level) {
            return level < uids.size() ? uids.get(level) : "";
        }

        boolean metadata() {
            return searched.isEmpty();
        }
    }

    // ---- metadata --------------------------------------------------------------------------------------------------

    private Response metadata(Request request, Place place) throws IOException {
        request.knowing("accept");
        String accept = request.query("accept").isEmpty() ? request.header("accept") : request.query("accept");
        if (!accept.isEmpty() && !accept.contains("json") && !accept.contains("*/*")) {
            return Response.json(406, error(request, 406, "NotAcceptable", "Cannot give " + accept));
        }
        ArrayNode found = JsonNodeFactory.instance.arrayNode();
        for (Scan scan : scans(place)) {
            for (DicomDataset dataset : datasets(scan)) {
                String sop = dataset.string("SOPInstanceUID").orElse("");
                if (place.instance().isEmpty() || place.instance().equals(sop)) {
                    found.add(header(place, scan, dataset));
                }
            }
        }
        return found.isEmpty() ? missing(request, "Metadata", request.rawPath()) : json(found);
    }

    /** Of a study the plug-in adds nothing to what the files hold. */
    private JsonNode header(Place place, Scan scan, DicomDataset dataset) {
        String address =
                address(place, scan.uid(), dataset.string("SOPInstanceUID").orElse(""));
        DicomDataset whole = place.series().isEmpty()
                ? dataset
                : DicomDataset.builder()
                        .setAll(dataset)
                        .set("InstanceAvailability", "ONLINE")
                        .set("RetrieveURL", address)
                        .build();
        return new DicomJsonWriter(address).write(whole);
    }

    private String address(Place place, String series, String instance) {
        return url.get() + "/xapi/dicomweb/projects/" + PercentEncoding.encode(place.project()) + "/studies/"
                + place.study() + (series.isEmpty() ? "" : "/series/" + series)
                + (instance.isEmpty() ? "" : "/instances/" + instance);
    }

    private Stream<Session> sessions(String project) {
        return archive.sessions().stream()
                .filter(session ->
                        session.labelIn(project) != null && !session.uid().isEmpty());
    }

    private List<Scan> scans(Place place) {
        return sessions(place.project())
                .filter(session -> session.uid().equals(place.study()))
                .flatMap(session -> session.scans().stream())
                .filter(scan -> place.series().isEmpty() || scan.uid().equals(place.series()))
                .toList();
    }

    private static List<ArchivedFile> files(Scan scan) {
        return scan.resources().stream()
                .filter(resource -> resource.format().equals("DICOM"))
                .flatMap(resource -> resource.files().stream())
                .toList();
    }

    private static List<DicomDataset> datasets(Scan scan) {
        List<DicomDataset> datasets = new ArrayList<>();
        for (ArchivedFile file : files(scan)) {
            read(file).ifPresent(datasets::add);
        }
        return datasets;
    }

    private static Optional<DicomDataset> read(ArchivedFile file) {
        try {
            return Optional.of(DicomReader.read(file.source()).dataset());
        } catch (IOException leftOut) {
            return Optional.empty();
        }
    }

    // ---- searches --------------------------------------------------------------------------------------------------

    private Response search(Request request, Place place) throws IOException {
        Set<String> keys = KEYS.getOrDefault(place.searched(), Set.of());
        request.knowing(Stream.concat(PARAMETERS.stream(), keys.stream()).toList());
        if (!place.study().isEmpty() && scans(place).isEmpty()) {
            return missing(request, "Study or series", request.rawPath());
        }
        Map<String, String> wanted = new TreeMap<>(request.query());
        wanted.keySet().retainAll(keys);
        List<DicomDataset> matches = rows(place)
                .filter(row -> wanted.entrySet().stream()
                        .allMatch(key -> matches(String.join("\\", row.strings(key.getKey())), key.getValue())))
                .toList();
        int limit = number(request, "limit", PAGE);
        ArrayNode page = JsonNodeFactory.instance.arrayNode();
        matches.stream()
                .skip(number(request, "offset", 0))
                .limit(limit == 0 ? PAGE : Math.min(limit, LARGEST_PAGE))
                .forEach(row -> page.add(new DicomJsonWriter("").write(row)));
        return (page.isEmpty() ? Response.of(204, JSON, new byte[0]) : json(page))
                .with("X-Total-Count", Integer.toString(matches.size()));
    }

    private Stream<DicomDataset> rows(Place place) {
        return switch (place.searched()) {
            case "studies" -> sessions(place.project()).map(session -> study(place, session));
            case "series" -> scans(place).stream().map(scan -> series(place, scan));
            default ->
                scans(place).stream()
                        .flatMap(scan -> datasets(scan).stream().map(dataset -> instance(place, scan, dataset)));
        };
    }

    /** XNAT's values, not those of the files: PatientName is the label of the session. */
    private DicomDataset study(Place place, Session session) {
        Subject subject = archive.subject(session.subjectId());
        String modalities = session.scans().stream()
                .map(Scan::modality)
                .filter(modality -> !modality.isEmpty())
                .distinct()
                .collect(Collectors.joining("\\"));
        int files =
                session.scans().stream().mapToInt(scan -> files(scan).size()).sum();
        return utf8().set("StudyDate", session.date().replace("-", ""))
                .set("StudyTime", session.time().replace(":", ""))
                .set("AccessionNumber", session.id())
                .set("ModalitiesInStudy", modalities.split("\\\\"))
                .set("ReferringPhysicianName", "")
                .set("StudyDescription", session.project())
                .set("RetrieveURL", address(new Place(place.project(), session.uid(), "", "", ""), "", ""))
                .set("PatientName", Objects.requireNonNullElse(session.labelIn(place.project()), "UNKNOWN"))
                .set("PatientID", subject == null ? "UNKNOWN" : subject.label())
                .set("StudyInstanceUID", session.uid())
                .set("StudyID", session.id())
                .set("NumberOfStudyRelatedSeries", session.scans().size())
                .set("NumberOfStudyRelatedInstances", files)
                .build();
    }

    /** Of a file of the scan. */
    private DicomDataset series(Place place, Scan scan) {
        DicomDatasetBuilder row = utf8();
        datasets(scan).stream()
                .findFirst()
                .ifPresent(dataset ->
                        copy(dataset, row, "Modality", "SeriesDescription", "SeriesInstanceUID", "SeriesNumber"));
        return row.set("StudyInstanceUID", place.study())
                .set("RetrieveURL", address(place, scan.uid(), ""))
                .set("NumberOfSeriesRelatedInstances", files(scan).size())
                .build();
    }

    private DicomDataset instance(Place place, Scan scan, DicomDataset dataset) {
        DicomDatasetBuilder row = utf8();
        copy(dataset, row, "SOPClassUID", "SOPInstanceUID", "InstanceNumber");
        return row.set("InstanceAvailability", "ONLINE")
                .set(
                        "RetrieveURL",
                        address(
                                place,
                                scan.uid(),
                                dataset.string("SOPInstanceUID").orElse("")))
                .build();
    }

    private static DicomDatasetBuilder utf8() {
        return DicomDataset.builder().set("SpecificCharacterSet", "ISO_IR 192");
    }

    private static void copy(DicomDataset from, DicomDatasetBuilder to, String... keywords) {
        for (String keyword : keywords) {
            int tag = Dictionary.tagOf(keyword);
            Vr vr = Dictionary.vr(tag).orElseThrow();
            to.set(tag, vr, from.strings(tag).toArray(String[]::new));
        }
    }

    /** Empty matches everything; {@code *} and {@code ?} stand for others, {@code from-to} is a range of dates or times. */
    private static boolean matches(String value, String wanted) {
        if (wanted.isEmpty()) {
            return true;
        }
        if (wanted.matches("\\d*-\\d*")) {
            String[] range = wanted.split("-", -1);
            return value.compareTo(range[0]) >= 0 && (range[1].isEmpty() || value.compareTo(range[1]) <= 0);
        }
        String pattern = wanted.chars()
                .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
                .collect(Collectors.joining());
        return value.matches(pattern) || List.of(value.split("\\\\")).contains(wanted);
    }

    /** What is no number counts as absent, as in the plug-in. */
    private static int number(Request request, String name, int otherwise) {
        String text = request.query(name);
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : otherwise;
    }

    // ---- responses -------------------------------------------------------------------------------------------------

    private Response json(JsonNode body) throws JsonProcessingException {
        return Response.of(200, JSON, mapper.writeValueAsBytes(body));
    }

    private static Response missing(Request request, String what, String which) {
        return Response.json(404, error(request, 404, "ResourceNotFound", what + " not found: " + which));
    }

    private static ObjectNode error(Request request, int status, String code, String message) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("error", code)
                .put("message", message)
                .put("status", status)
                .put("path", request.rawPath());
    }
}
