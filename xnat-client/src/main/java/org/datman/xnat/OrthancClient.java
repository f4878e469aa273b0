package org.datman.xnat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.xnat.Transport.BodyReader;
import org.datman.xnat.Transport.Reply;
import org.jspecify.annotations.Nullable;

/**
 * Reads an Orthanc by its REST API, in XNAT's terms: a study is a session, a series a scan with one DICOM resource, an instance a file.
 * All ids are Orthanc's own; of the study's elements {@link OrthancNames} makes project and labels. It has no paired data.
 *
 * <p>Its zips do not state which file is which instance, so each file is downloaded by itself.
 */
public final class OrthancClient implements ImageSource, ChangeFeed {

    /** Orthanc's ids: a SHA-1 in five groups. What is not one becomes no part of a path. */
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{8}){4}");

    private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern PATH = Pattern.compile("\\d{6,9}_(" + ID + ")\\.dcm");

    /** What is asked of Orthanc about a change: its study, or the series that leads to it. */
    private static final Pattern LOOKED_UP =
            Pattern.compile("/studies/ID|/series/ID/study|/instances/ID/series".replace("ID", ID.pattern()));

    private static final String FILE = "file";
    private static final String TYPE = "orthanc:study";
    private static final int STUDIES_AT_ONCE = 200;
    private static final int CHANGES_AT_ONCE = 100;
    private static final int MOST_DIGESTS = 50_000;

    /** How long a list of all studies serves the projects that are listed one after the other. */
    private static final Duration SHARED = Duration.ofSeconds(15);

    /** In place of a project: those of none. */
    private static final String OUTSIDE = "";

    private static final DateTimeFormatter LAST_UPDATE = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss", Locale.ROOT);

    private final XnatConfig config;
    private final OrthancNames names;
    private final Transport transport;
    private final Clock clock;

    private final @Nullable DicomWeb dicomWeb;

    /** The last list of all studies, by project, and who has got it. */
    private Map<String, List<XnatListed>> listed = Map.of();

    private final Set<String> askers = new HashSet<>();
    private Instant listedUntil = Instant.MIN;

    /** MD5 by the id of the stored file, which never gets another content; empty text where Orthanc has none. */
    private final Map<String, String> digests = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST_DIGESTS;
        }
    });

    public OrthancClient(XnatConfig config, OrthancNames names, CallObserver observer) {
        this(config, names, observer, new MonotonicClock());
    }

    OrthancClient(XnatConfig config, OrthancNames names, CallObserver observer, Clock clock) {
        this.config = config;
        this.names = names;
        this.transport = new Transport("Orthanc", config, observer);
        this.dicomWeb = config.dicomWeb() ? new DicomWeb(new Web(), System::nanoTime) : null;
        this.clock = clock;
    }

    @Override
    public XnatConfig config() {
        return config;
    }

    @Override
    public SourceKind kind() {
        return SourceKind.ORTHANC;
    }

    @Override
    public String server() {
        return config.server();
    }

    @Override
    public List<XnatListed> experimentsOf(String project) {
        return studiesFor(project).getOrDefault(project, List.of());
    }

    @Override
    public List<String> sessionsOutside(Set<String> projects) {
        return studiesFor(OUTSIDE).entrySet().stream()
                .filter(ofProject -> !projects.contains(ofProject.getKey()))
                .flatMap(ofProject -> ofProject.getValue().stream())
                .map(XnatListed::accession)
                .toList();
    }

    /** All studies by project; of no project under the empty text. Who asks again gets a newer list, which many askers share. */
    private synchronized Map<String, List<XnatListed>> studiesFor(String asker) {
        Instant now = clock.instant();
        if (now.isAfter(listedUntil) || !askers.add(asker)) {
            listed = listAll();
            listedUntil = clock.instant().plus(SHARED);
            askers.clear();
            askers.add(asker);
        }
        return listed;
    }

    private Map<String, List<XnatListed>> listAll() {
        Map<String, List<XnatListed>> all = new HashMap<>();
        for (int from = 0; ; from += STUDIES_AT_ONCE) {
            List<JsonNode> page = list("experiments", "/studies?expand&since=" + from + "&limit=" + STUDIES_AT_ONCE);
            if (page.isEmpty()) {
                return all;
            }
            page.forEach(study -> {
                XnatListed one = listed(study);
                all.computeIfAbsent(one.project(), project -> new ArrayList<>()).add(one);
            });
        }
    }

    private XnatListed listed(JsonNode study) {
        TreeSet<String> series = new TreeSet<>();
        study.path("Series").forEach(id -> series.add(id.asText()));
        // Orthanc's time of change has whole seconds, and a series that is deleted does not change it.
        String state = study.path("IsStable").asBoolean() + " " + DigestUtils.sha256Hex(String.join(" ", series));
        return new XnatListed(
                XnatJson.text(study, "ID"),
                names.projectOf(study).orElse(""),
                names.labelOf(study),
                names.subjectOf(study),
                TYPE,
                date(study),
                lastUpdate(study),
                state);
    }

    @Override
    public XnatSession session(String accession) {
        JsonNode study = object("session", study(accession));
        Optional<String> project = names.projectOf(study);
        if (project.isEmpty()) {
            // Of no project: what it is called may name a person, and nothing of it is published.
            return new XnatSession(accession, "", "", "", "", TYPE, null, null, null, List.of(), List.of());
        }
        String label = names.labelOf(study);
        if (label.isEmpty()) {
            throw new XnatProtocol("Study " + accession + " on Orthanc has no " + names.label()
                    + ", which is the label of its session");
        }
        List<JsonNode> series = list("series", study(accession) + "/series");
        Map<String, String> scans = scanIds(series);
        String uid = XnatJson.text(study.path("MainDicomTags"), "StudyInstanceUID");
        return new XnatSession(
                accession,
                project.get(),
                XnatJson.text(study, "ParentPatient"),
                names.subjectOf(study),
                label,
                TYPE,
                uid.isEmpty() ? null : uid,
                date(study),
                scanner(series),
                List.of(),
                series.stream()
                        .map(one -> scan(one, scans.getOrDefault(id(one), "")))
                        .toList());
    }

    private static XnatScan scan(JsonNode series, String id) {
        JsonNode elements = series.path("MainDicomTags");
        String uid = XnatJson.text(elements, "SeriesInstanceUID");
        String description = XnatJson.text(elements, "SeriesDescription");
        boolean mr = XnatJson.text(elements, "Modality").equals("MR");
        // XNAT's type of a scan is its description unless a site maps it.
        return new XnatScan(
                id,
                uid.isEmpty() ? null : uid,
                description,
                description,
                "",
                mr ? "xnat:mrScanData" : "xnat:otherDicomScanData",
                List.of(),
                new TreeSet<>());
    }

    /**
     * The scan ids by the ids of the series: the series number, as on XNAT. Of several series with one number the first one that was
     * acquired has it; the others are {@code 3-MR1}, {@code 3-MR2} in their order, whatever order they arrive in.
     */
    static Map<String, String> scanIds(List<JsonNode> series) {
        Map<String, Integer> used = new LinkedHashMap<>();
        Map<String, String> ids = new LinkedHashMap<>();
        List<JsonNode> ordered = new ArrayList<>(series);
        ordered.sort(Comparator.comparing((JsonNode one) -> acquired(one, "SeriesDate"))
                .thenComparing(one -> acquired(one, "SeriesTime"))
                .thenComparing(one -> acquired(one, "SeriesInstanceUID"))
                .thenComparing(OrthancClient::id));
        for (JsonNode one : ordered) {
            String number = number(one);
            int before = used.merge(number, 1, Integer::sum) - 1;
            String modality = acquired(one, "Modality");
            ids.put(
                    id(one),
                    before == 0 ? number : number + "-" + (modality.matches("[A-Z]{1,8}") ? modality : "OT") + before);
        }
        return ids;
    }

    /** The series number; where there is none the UID with underscores. */
    private static String number(JsonNode series) {
        String number = acquired(series, "SeriesNumber");
        if (number.matches("\\+?\\d{1,12}")) {
            return Long.toString(Long.parseLong(number));
        }
        String uid = acquired(series, "SeriesInstanceUID");
        return uid.matches("[0-9.]{1,64}") ? uid.replace('.', '_') : id(series);
    }

    private static String acquired(JsonNode series, String element) {
        return XnatJson.text(series.path("MainDicomTags"), element);
    }

    private static String id(JsonNode resource) {
        return XnatJson.text(resource, "ID");
    }

    private static @Nullable String scanner(List<JsonNode> series) {
        return series.stream()
                .map(one -> String.join(
                        " ",
                        Stream.of("Manufacturer", "StationName")
                                .map(element -> acquired(one, element))
                                .filter(text -> !text.isEmpty())
                                .toList()))
                .filter(text -> !text.isEmpty())
                .min(String::compareTo)
                .orElse(null);
    }

    private static @Nullable LocalDate date(JsonNode study) {
        try {
            return LocalDate.parse(
                    XnatJson.text(study.path("MainDicomTags"), "StudyDate"), DateTimeFormatter.BASIC_ISO_DATE);
        } catch (DateTimeException unknown) {
            return null;
        }
    }

    private static @Nullable Instant lastUpdate(JsonNode study) {
        try {
            return LocalDateTime.parse(XnatJson.text(study, "LastUpdate"), LAST_UPDATE)
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException unknown) {
            return null;
        }
    }

    @Override
    public List<XnatResource> resources(String accession) {
        List<JsonNode> series = list("resources", study(accession) + "/series");
        Map<String, String> scans = scanIds(series);
        return series.stream()
                .map(one -> new XnatResource(
                        ResourceRef.ofScan(accession, scans.getOrDefault(id(one), ""), id(one)),
                        "DICOM",
                        "DICOM",
                        // An instance that is replaced changes neither the number of files nor another fact of the
                        // series.
                        "RAW " + XnatJson.text(one, "LastUpdate"),
                        OptionalLong.of(one.path("Instances").size()),
                        OptionalLong.empty()))
                .toList();
    }

    @Override
    public List<XnatResource> resourcesOfSubject(String subject) {
        return List.of();
    }

    @Override
    public List<XnatResource> resourcesOfProject(String project) {
        return List.of();
    }

    @Override
    public List<XnatFile> files(ResourceRef resource) {
        List<XnatFile> files = new ArrayList<>();
        for (JsonNode instance : list("files", listing(resource))) {
            long size = instance.path("FileSize").asLong(-1);
            files.add(new XnatFile(
                    path(instance),
                    size < 0 ? OptionalLong.empty() : OptionalLong.of(size),
                    md5(id(instance), XnatJson.text(instance, "FileUuid"))));
        }
        return files;
    }

    private static String listing(ResourceRef series) {
        return "/series/" + checked(series.id()) + "/instances";
    }

    /** Orthanc lists no digests: one request for each file that was not asked for before. */
    private @Nullable String md5(String instance, String stored) {
        String known = digests.get(stored);
        if (known == null) {
            known = askMd5(instance);
            if (!stored.isEmpty()) {
                digests.put(stored, known);
            }
        }
        return known.isEmpty() ? null : known;
    }

    private String askMd5(String instance) {
        try {
            String text = get("md5", "/instances/" + checked(instance) + "/attachments/dicom/md5", body -> new String(
                            body.readNBytes(64), StandardCharsets.US_ASCII)
                    .strip());
            return MD5.matcher(text).matches() ? text : "";
        } catch (XnatGone none) {
            // Orthanc computes none (StoreMD5ForAttachments), or the instance was deleted just now: the next listing
            // lacks it.
            return "";
        }
    }

    @Override
    public InputStream openFile(ResourceRef resource, String path) {
        String file = file(path);
        return transport.repeated(file, () -> attempt(FILE, file).body());
    }

    @Override
    public Downloaded downloadFile(ResourceRef resource, String path, Path target) {
        return get(FILE, file(path), body -> Downloaded.write(body, target));
    }

    /** In the order of the instance numbers, so that the header of the first one is read, as of files of a scanner. */
    private static String path(JsonNode instance) {
        String number = acquired(instance, "InstanceNumber");
        return String.format(
                Locale.ROOT, "%06d_%s.dcm", number.matches("\\d{1,9}") ? Integer.parseInt(number) : 0, id(instance));
    }

    private static String file(String path) {
        Matcher named = PATH.matcher(path);
        return "/instances/" + checked(named.matches() ? named.group(1) : path) + "/file";
    }

    @Override
    public boolean hasZips() {
        return false;
    }

    @Override
    public <T> T readZip(ResourceRef resource, ZipReader<T> reader) {
        throw new XnatProtocol("Orthanc's zips do not state which file is which instance");
    }

    /** Needs a valid login, unlike the addresses that Orthanc answers to everybody. */
    @Override
    public String whoAmI() {
        object("auth", "/system");
        return config.user();
    }

    @Override
    public Optional<DicomWeb> dicomWeb() {
        return Optional.ofNullable(dicomWeb);
    }

    /** Orthanc's DICOMweb plug-in, at its usual address. */
    private final class Web implements DicomWebServer {

        @Override
        public String series(DicomWeb.Series series, String studyUid) {
            return "/dicom-web/studies/" + studyUid + "/series";
        }

        @Override
        public Map<String, String> instances(DicomWeb.Series series) {
            Map<String, String> instances = new HashMap<>();
            for (JsonNode instance : once("files", listing(series.resource()), XnatJson::array)) {
                instances.put(path(instance), acquired(instance, "SOPInstanceUID"));
            }
            return instances;
        }

        @Override
        public <T> T once(String endpoint, String path, BodyReader<T> reader) {
            return transport.once(path, () -> read(endpoint, path, reader));
        }
    }

    @Override
    public long lastChange() {
        return last(object("changes", "/changes?last"));
    }

    private static long last(JsonNode page) {
        JsonNode last = page.path("Last");
        if (!last.isIntegralNumber()) {
            throw new XnatProtocol("Orthanc's answer to /changes has no number of the last change");
        }
        return last.asLong();
    }

    @Override
    public Changes changesAfter(long number) {
        JsonNode page = object("changes", "/changes?since=" + number + "&limit=" + CHANGES_AT_ONCE);
        long last = last(page);
        ChangedStudies studies = new ChangedStudies();
        Deque<String> instances = new ArrayDeque<>();
        for (JsonNode change : page.path("Changes")) {
            switch (XnatJson.text(change, "ChangeType")) {
                case "NewStudy", "StableStudy" -> studies.lookUp("/studies/" + id(change));
                case "NewSeries", "StableSeries" -> studies.lookUp("/series/" + id(change) + "/study");
                case "NewInstance" -> instances.addFirst(id(change));
                default -> {
                    // Patients, metadata and attachments are no part of a session.
                }
            }
        }
        // Hundreds arrive in a row for one series, and its study must not settle meanwhile: one look-up per series.
        while (!instances.isEmpty()) {
            Set<String> sameSeries = studies.lookUp("/instances/" + instances.removeFirst() + "/series");
            instances.removeIf(sameSeries::contains);
        }
        return studies.page(last, page.path("Done").asBoolean(true));
    }

    @Override
    public Changes lookUp(Collection<String> unread) {
        ChangedStudies studies = new ChangedStudies();
        unread.forEach(studies::lookUp);
        return studies.page(0, true);
    }

    /** The studies of some changes. */
    private final class ChangedStudies {

        private final Map<String, XnatListed> sessions = new LinkedHashMap<>();
        private final Map<String, String> unread = new LinkedHashMap<>();
        private final Set<String> seen = new HashSet<>();

        /**
         * Looks up the study of a change, once.
         *
         * @param path of the study, or of a series, whose instances are returned
         */
        Set<String> lookUp(String path) {
            if (!LOOKED_UP.matcher(path).matches() || !seen.add(path)) {
                return Set.of();
            }
            try {
                JsonNode found = object("session", path);
                String study = XnatJson.text(found, "ParentStudy");
                if (study.isEmpty()) {
                    XnatListed listed = listed(found);
                    sessions.put(listed.accession(), listed);
                } else if (!sessions.containsKey(study)) {
                    lookUp("/studies/" + study);
                }
                Set<String> instances = new HashSet<>();
                found.path("Instances").forEach(instance -> instances.add(instance.asText()));
                return instances;
            } catch (XnatGone deleted) {
                // The listing of its project shows that, and decides.
                return Set.of();
            } catch (XnatDenied e) {
                if (e.isAccount()) {
                    throw e;
                }
                unread.put(path, e.getMessage());
            } catch (XnatProtocol e) {
                unread.put(path, e.getMessage());
            } catch (XnatOutage e) {
                whoAmI(); // throws when Orthanc is unavailable; otherwise only this one fails
                unread.put(path, e.getMessage());
            }
            return Set.of();
        }

        Changes page(long last, boolean complete) {
            return new Changes(last, complete, List.copyOf(sessions.values()), unread);
        }
    }

    private static String study(String accession) {
        return "/studies/" + checked(accession);
    }

    private static String checked(String id) {
        if (!ID.matcher(id).matches()) {
            throw new XnatGone("Orthanc has nothing with the id '" + id + "': its ids have another form");
        }
        return id;
    }

    private JsonNode object(String endpoint, String path) {
        return get(endpoint, path, XnatJson::document);
    }

    private List<JsonNode> list(String endpoint, String path) {
        return get(endpoint, path, XnatJson::array);
    }

    private <T> T get(String endpoint, String path, BodyReader<T> reader) {
        return transport.repeated(path, () -> read(endpoint, path, reader));
    }

    private <T> T read(String endpoint, String path, BodyReader<T> reader) throws IOException, InterruptedException {
        try (Reply reply = attempt(endpoint, path)) {
            return reader.read(reply.body());
        }
    }

    private Reply attempt(String endpoint, String path) throws IOException, InterruptedException {
        String account = config.user() + ":" + config.password().get();
        Reply reply = transport.send(
                endpoint,
                "GET",
                path,
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString(account.getBytes(StandardCharsets.UTF_8)));
        int status = reply.status();
        if (status == 200) {
            transport.answered();
            return reply;
        }
        reply.close();
        if (status == 500 && endpoint.equals(FILE)) {
            // A file that is lost in Orthanc's storage: no outage, which would be waited out for ever.
            throw new MalformedBody("status 500: Orthanc cannot read it from its storage");
        }
        if (status == 408 || status == 429 || status >= 500) {
            throw new IOException("status " + status);
        }
        throw switch (status) {
            case 401 ->
                XnatDenied.account(
                        "Orthanc " + config.server() + " refuses account '" + config.user()
                                + "' (401). Check its password in RegisteredUsers of Orthanc's configuration",
                        null);
            case 403 ->
                XnatDenied.thing(
                        "Orthanc refuses " + path + " to account '" + config.user()
                                + "' (403). Check RemoteAccessAllowed of its configuration, and its plug-ins that restrict accounts");
            case 404 -> new XnatGone("Orthanc has nothing at " + path);
            default -> new XnatProtocol("Orthanc answered " + path + " with status " + status);
        };
    }

    /** Nothing to end: Orthanc has no logins. */
    @Override
    public void close() {}
}
