package org.datman.local.provenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.archive.Defaced;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.provenance.ProvJson;
import org.datman.contracts.provenance.Provenance;
import org.datman.contracts.provenance.ProvenanceGraph;
import org.datman.contracts.provenance.RunCrate;
import org.datman.contracts.study.AcceptedStudies;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PROV-JSON and RO-Crate, by their structure and by the programs that read them. */
class WrittenFormsTest {

    private static final Instant NOW = Instant.parse("2026-03-07T00:00:00Z");

    @TempDir
    Path folder;

    private SmallArchive archive;
    private List<Lineage> lineages;

    @BeforeEach
    void measured() throws IOException {
        archive = new SmallArchive(folder.resolve("archive"));
        archive.measure(archive.publish(5));
        lineages = new LineageReader(archive.root()).read(SmallArchive.SESSION);
    }

    @Test
    void fromANumberOneWalksInProvJsonToTheInstancesTheProgramsAndTheRules() {
        // When
        JsonNode prov = ProvJson.of(LineageGraph.of(lineages));

        // Then
        String metrics = name(prov, "entity", "datman:role", "metrics");
        Set<String> reached = walk(prov, metrics);
        assertThat(reached)
                .contains(
                        "datman:instance/" + DigestUtils.sha256Hex("dicom 5.1"),
                        "datman:instance/" + DigestUtils.sha256Hex("dicom 5.5"),
                        "datman:software/dcm2niix/v1.0.20260416",
                        "datman:software/datman-qc/0.1.0",
                        "datman:account/datman",
                        "datman:study/SPN01@" + SmallArchive.REVISION)
                .doesNotContain("datman:instance/" + DigestUtils.sha256Hex("hm\n"));
        assertThat(prov.at("/entity")
                        .get("datman:study/SPN01@" + SmallArchive.REVISION)
                        .get("datman:sha256")
                        .asText())
                .isEqualTo(DigestUtils.sha256Hex(SmallArchive.TEXT));
    }

    @Test
    void afterAnotherExportQualityControlHasUsedTheBytesOfBefore() throws IOException {
        // Given
        archive.publish(5, "other pixels", "v1.0.20260416", 5);
        List<Lineage> now = new LineageReader(archive.root()).read(SmallArchive.SESSION);

        // When
        ProvenanceGraph graph = LineageGraph.of(now);

        // Then
        String nifti = "file/SPN01/nii/" + SmallArchive.SESSION + "/" + SmallArchive.stem(5) + ".nii.gz";
        String before = nifti + "@" + DigestUtils.sha256Hex("pixels of 5");
        ProvenanceGraph.Activity qc = graph.activities().entrySet().stream()
                .filter(one -> one.getKey().startsWith("qc/"))
                .findFirst()
                .orElseThrow()
                .getValue();
        assertThat(qc.used()).contains(before).doesNotContain(nifti);
        assertThat(graph.entities().get(before))
                .extracting(ProvenanceGraph.Entity::path, ProvenanceGraph.Entity::sha256)
                .containsExactly(null, DigestUtils.sha256Hex("pixels of 5"));
        assertThat(graph.entities().get(nifti).sha256()).isEqualTo(DigestUtils.sha256Hex("other pixels"));
    }

    @Test
    void aRecordWithoutConverterAndSoftwareIsByTheExport() throws IOException {
        // Given
        Path record = archive.root()
                .resolve("SPN01/provenance/" + SmallArchive.SESSION + "/" + SmallArchive.stem(5) + ".prov.json");
        ObjectNode json = (ObjectNode) new ObjectMapper().readTree(record.toFile());
        json.remove("conversion");
        ((ObjectNode) json.path("run")).remove("software");
        Files.writeString(record, json.toString());

        // When
        ProvenanceGraph graph = LineageGraph.of(new LineageReader(archive.root()).read(SmallArchive.SESSION));

        // Then
        assertThat(RunCrate.of(graph).actions().get(0).at("/instrument").findValuesAsText("@id"))
                .containsExactly("#software/datman-export");
    }

    @Test
    void everyNameOfARelationIsDeclared() {
        // When
        JsonNode prov = ProvJson.of(LineageGraph.of(lineages));

        // Then
        Set<String> declared = new HashSet<>();
        List.of("entity", "activity", "agent")
                .forEach(kind -> prov.path(kind).fieldNames().forEachRemaining(declared::add));
        List<String> named = new ArrayList<>();
        for (String kind : List.of("used", "wasGeneratedBy", "wasAssociatedWith")) {
            prov.path(kind).forEach(relation -> relation.forEach(value -> named.add(value.asText())));
        }
        assertThat(named).hasSizeGreaterThan(20).allMatch(declared::contains);
    }

    @Test
    void aNameWithOtherCharactersIsEncoded() {
        // When
        String name = ProvJson.name("file/a b+ü.txt");

        // Then
        assertThat(name).isEqualTo("datman:file/a%20b%2B%C3%BC.txt");
    }

    @Test
    void aCrateHasTheFilesAndOneActionPerRun() throws IOException {
        // Given
        Path target = folder.resolve("crate");

        // When
        CrateWriter.Written written = crate(LineageGraph.of(lineages), target, "https://example.org/licence");

        // Then
        JsonNode crate =
                new ObjectMapper().readTree(target.resolve(RunCrate.METADATA).toFile());
        JsonNode export = byType(crate, "CreateAction").get(0);
        String nifti = SmallArchive.STUDY + "/nii/" + SmallArchive.SESSION + "/" + SmallArchive.stem(5) + ".nii.gz";
        assertThat(target.resolve(nifti)).hasContent("pixels of 5");
        assertThat(target.resolve("studies/history/SPN01." + SmallArchive.REVISION + ".yml"))
                .hasContent(SmallArchive.TEXT);
        assertThat(written.files()).isEqualTo(7);
        assertThat(byType(crate, "CreateAction")).hasSize(2);
        assertThat(export.at("/result").findValuesAsText("@id")).contains(nifti);
        assertThat(export.at("/object").findValuesAsText("@id"))
                .contains("urn:datman:instance/" + DigestUtils.sha256Hex("dicom 5.3"));
        assertThat(export.at("/instrument").findValuesAsText("@id")).contains("#software/dcm2niix/v1.0.20260416");
        Set<String> ids = new HashSet<>(crate.at("/@graph").findValuesAsText("@id"));
        assertThat(byType(crate, "Dataset").get(0).at("/hasPart").findValuesAsText("@id"))
                .isSubsetOf(ids)
                .hasSize(13);
    }

    @Test
    void ofManySessionsAFewNodesAreInMemoryAndTheCrateIsTheSame() throws IOException {
        // Given many graphs, of which all have the rules and programs in common
        List<ProvenanceGraph> graphs = new ArrayList<>();
        for (int scan = 10; scan < 50; scan++) {
            archive.publish(scan);
            graphs.add(LineageGraph.of(new LineageReader(archive.root()).read(SmallArchive.stem(scan))));
        }
        Path target = folder.resolve("many");
        int most = 0;

        // When
        try (CrateWriter writer = new CrateWriter(archive.root(), target, 7)) {
            for (ProvenanceGraph graph : graphs) {
                writer.add(graph);
                most = Math.max(most, writer.held());
            }
            writer.finish("SPN01", "none", NOW);
        }

        // Then
        JsonNode crate =
                new ObjectMapper().readTree(target.resolve(RunCrate.METADATA).toFile());
        List<String> ids = crate.at("/@graph").findValuesAsText("@id");
        long nodes = graphs.stream().mapToLong(graph -> graph.entities().size()).sum();
        assertThat(nodes).isGreaterThan(400);
        assertThat(most).isLessThanOrEqualTo(3 * 7);
        assertThat(byType(crate, "CreateAction")).hasSize(40).allSatisfy(action -> {
            assertThat(action.path("result")).hasSizeGreaterThan(2);
            assertThat(ids).containsAll(action.path("result").findValuesAsText("@id"));
            assertThat(ids).containsAll(action.path("object").findValuesAsText("@id"));
        });
        assertThat(byType(crate, "SoftwareApplication")).hasSize(2);
        assertThat(byType(crate, "Dataset").get(0).path("mentions")).hasSize(40);
        List<String> files = byType(crate, "File").stream()
                .map(file -> file.path("@id").asText())
                .toList();
        assertThat(files)
                .doesNotHaveDuplicates()
                .contains("studies/history/SPN01." + SmallArchive.REVISION + ".yml")
                .containsExactlyInAnyOrderElementsOf(
                        byType(crate, "Dataset").get(0).path("hasPart").findValuesAsText("@id"));
    }

    @Test
    void whatTwoGraphsSayOfOneRunIsOneAction() throws IOException {
        // Given
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode one = (ObjectNode) mapper.readTree("{'@id': '#a', 'result': [{'@id': 'x'}]}".replace('\'', '"'));
        ObjectNode more = (ObjectNode)
                mapper.readTree("{'@id': '#a', 'result': [{'@id': 'x'}, {'@id': 'y'}]}".replace('\'', '"'));

        // When
        Iterator<ObjectNode> merged = CrateNodes.merged(
                List.of(CrateNodes.line(one), CrateNodes.line(more)).iterator());

        // Then
        assertThat(merged.next().path("result").findValuesAsText("@id")).containsExactly("x", "y");
        assertThat(merged.hasNext()).isFalse();
    }

    private CrateWriter.Written crate(ProvenanceGraph graph, Path target, String licence) throws IOException {
        try (CrateWriter writer = new CrateWriter(archive.root(), target)) {
            writer.add(graph);
            return writer.finish(SmallArchive.SESSION, licence, NOW);
        }
    }

    @Test
    void aChangedFileIsNotPutIntoACrate() throws IOException {
        // Given
        archive.write(
                SmallArchive.STUDY + "/dcm/" + SmallArchive.SESSION + "/" + SmallArchive.stem(5) + ".dcm", "other");
        Path target = folder.resolve("crate");

        // When / Then
        assertThatThrownBy(() -> crate(LineageGraph.of(lineages), target, "none"))
                .hasMessageContaining("is not as it was published");
        assertThat(target.resolve(RunCrate.METADATA)).doesNotExist();
    }

    @Test
    void otherProgramsReadBoth() throws Exception {
        // Given
        String python = python();
        Path prov = Files.writeString(
                folder.resolve("prov.json"),
                ProvJson.of(LineageGraph.of(lineages)).toString());
        Path crate = folder.resolve("crate");
        crate(LineageGraph.of(lineages), crate, "https://example.org/licence");
        Path script = Files.writeString(folder.resolve("read.py"), """
                import sys, prov.model, rocrate.rocrate
                document = prov.model.ProvDocument.deserialize(sys.argv[1])
                count = lambda kind: len(list(document.get_records(kind)))
                print(count(prov.model.ProvActivity), count(prov.model.ProvEntity), count(prov.model.ProvAgent))
                crate = rocrate.rocrate.ROCrate(sys.argv[2])
                print(len(crate.get_by_type("CreateAction")), len(crate.get_by_type("File")),
                      crate.root_dataset["mentions"][0]["instrument"][0]["name"])
                """);

        // When
        int code = run(List.of(python, script.toString(), prov.toString(), crate.toString()));

        // Then
        // In PROV-JSON the inputs of each of the two activities are a collection, too.
        String said = Files.readString(folder.resolve("output.txt"));
        assertThat(code).as(said).isZero();
        assertThat(said.lines().toList()).endsWith("2 15 4", "2 13 dcm2niix");
    }

    @Test
    void aDefacedCrateHasTheImageWithoutTheFaceAndNeverAnOriginal() throws IOException {
        // Given
        FileRef defacedOf = oneOfThreeIsDefaced();
        Path crate = Files.createDirectories(folder.resolve("crate"));

        // When
        DefacedGraph chosen =
                DefacedGraph.of(archive.root(), new LineageReader(archive.root()).read(SmallArchive.SESSION));
        crate(chosen.graph(), crate, "none");

        // Then
        assertThat(chosen.refused()).containsOnlyKeys(SmallArchive.stem(6), SmallArchive.stem(7));
        List<String> contents = new ArrayList<>();
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.walk(crate)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                names.add(file.getFileName().toString());
                contents.add(Files.readString(file));
            }
        }
        assertThat(names)
                .contains(SmallArchive.stem(5) + "_defaced.nii.gz", SmallArchive.stem(5) + ".json")
                .noneMatch(name -> name.endsWith(".dcm") || name.endsWith("Sag-T1.nii.gz"));
        assertThat(contents).contains("no face").noneMatch(content -> content.startsWith("pixels of"));
        assertThat(String.join("", contents))
                .contains(defacedOf.sha256())
                .doesNotContain(SmallArchive.stem(6) + ".nii");
    }

    @Test
    void onlyWhatIsKnownToBeSafeLeavesWithADefacedCrate() throws IOException {
        // Given an image of a tag that is not defaced
        defaces("T2");
        ProvenanceGraph all = LineageGraph.of(lineages);

        // When
        DefacedGraph chosen = DefacedGraph.of(archive.root(), lineages);

        // Then
        ProvenanceGraph graph = chosen.graph();
        assertThat(all.agents().values()).anyMatch(agent -> !agent.software());
        assertThat(graph.agents().values()).isNotEmpty().allMatch(ProvenanceGraph.Agent::software);
        assertThat(graph.entities().values().stream()
                        .filter(entity -> entity.path() != null)
                        .map(ProvenanceGraph.Entity::kind))
                .contains("nifti")
                .isSubsetOf("nifti", "sidecar", "bval", "bvec", "metrics", "earlier-metrics");
        assertThat(graph.entities().values().stream()
                        .filter(entity -> entity.kind().equals("dicom-instance"))
                        .map(ProvenanceGraph.Entity::label))
                .containsOnly("a DICOM file of the series");
        assertThat(graph.activities().values()).allSatisfy(activity -> assertThat(activity.facts())
                .doesNotContainKeys("host", "xnat", "command", "keptDicom")
                .containsKey("runKey"));
        assertThat(chosen.withheld()).isNotEmpty();
        graph.activities().values().forEach(activity -> {
            assertThat(graph.entities().keySet()).containsAll(activity.used()).containsAll(activity.generated());
            assertThat(graph.agents().keySet()).containsAll(activity.agents());
        });
    }

    @Test
    void whatSeveralPartsOfACrateWithholdIsCountedOnce() throws IOException {
        // Given two images, by the same account and with the rules of the same study
        defaces("T2");
        archive.publish(6);
        List<Lineage> both = new LineageReader(archive.root()).read(SmallArchive.SESSION);
        DefacedGraph whole = DefacedGraph.of(archive.root(), both);
        DefacedGraph first = DefacedGraph.of(archive.root(), both.subList(0, 1));
        DefacedGraph second = DefacedGraph.of(archive.root(), both.subList(1, 2));

        // When
        CrateWriter.Written written;
        try (CrateWriter crate = new CrateWriter(archive.root(), folder.resolve("crate"))) {
            crate.add(first);
            crate.add(second);
            written = crate.finish(SmallArchive.STUDY, "none", NOW);
        }

        // Then
        assertThat(first.withheld()).contains("account/datman").containsAnyElementsOf(second.withheld());
        assertThat(written.withheld()).isEqualTo(whole.withheld().size());
    }

    @Test
    void theOriginalOfADefacedImageIsCountedAsWithheld() throws IOException {
        // Given
        FileRef defacedOf = oneOfThreeIsDefaced();

        // When
        DefacedGraph chosen =
                DefacedGraph.of(archive.root(), new LineageReader(archive.root()).read(SmallArchive.SESSION));

        // Then
        assertThat(chosen.withheld()).contains("file/" + defacedOf.path());
    }

    @Test
    void aStudyThatDefacesNothingHasNoDefacedCrate() {
        // When / Then
        assertThatThrownBy(() -> DefacedGraph.of(archive.root(), lineages))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no pipeline with Defaced");
    }

    @Test
    void aListOfWhatLeavesHasTheDefacedImageAndNoOriginal() throws IOException {
        // Given
        FileRef defacedOf = oneOfThreeIsDefaced();
        Path list = folder.resolve("list.tsv.gz");
        Map<String, String> leftOut = new TreeMap<>();

        // When
        Release.writeDefaced(archive.root(), SmallArchive.STUDY, list, false, leftOut);

        // Then
        assertThat(leftOut).containsOnlyKeys(SmallArchive.stem(6), SmallArchive.stem(7));
        String text;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(list))) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(text)
                .contains(
                        Defaced.image(defacedOf.path(), "out.nii.gz"),
                        defacedOf.sha256() + "\t",
                        "pydeface 2.0.2",
                        SmallArchive.stem(5) + ".json")
                .doesNotContain(defacedOf.path(), ".dcm", ".log", SmallArchive.stem(6), SmallArchive.stem(7));
    }

    /** Of three images one is defaced, one is not, and of one earlier bytes are. */
    private FileRef oneOfThreeIsDefaced() throws IOException {
        FileRef defacedOf = nifti(archive.publish(5));
        archive.publish(6);
        FileRef earlier = nifti(archive.publish(7, "earlier pixels", "v1.0.20260416", 5));
        deface(defacedOf, "no face");
        deface(earlier, "no face of before");
        archive.publish(7, "later pixels", "v1.0.20260416", 5);
        defaces("T1");
        return defacedOf;
    }

    private void defaces(String tag) throws IOException {
        String tags =
                tag.equals("T1") ? "" : "  " + tag + ": {Pattern: {SeriesDescription: '" + tag + "'}, QcType: anat}\n";
        String text = SmallArchive.TEXT + tags + "Pipelines: {deface: {Descriptor: d.json, Inputs: {image: " + tag
                + "}, Defaced: defaced}}\n";
        archive.write(
                AcceptedStudies.PATH,
                new String(
                        new AcceptedStudies(List.of(new AcceptedStudies.Accepted(
                                        SmallArchive.STUDY, "SPN01.yml", text, "r", NOW, "")))
                                .json(),
                        StandardCharsets.UTF_8));
    }

    private static FileRef nifti(Provenance record) {
        return record.files().stream()
                .filter(file -> file.role() == FileRole.NIFTI)
                .findFirst()
                .orElseThrow();
    }

    private void deface(FileRef original, String content) throws IOException {
        String path = Defaced.image(original.path(), "out.nii.gz");
        archive.write(path, content);
        FileRef file = new FileRef(FileRole.OUTPUT, path, content.length(), DigestUtils.sha256Hex(content));
        archive.write(
                Defaced.record(original.path()),
                EventJson.mapper().writeValueAsString(new Defaced(original, file, "pydeface", "2.0.2", "d", "k")));
    }

    private String python() throws InterruptedException {
        Path environment = folder.resolve("python");
        assumeTrue(
                run(List.of("python3", "-m", "venv", environment.toString())) == 0,
                "skipped: no Python with venv here");
        String python = environment.resolve("bin/python").toString();
        assumeTrue(
                run(List.of(
                                python,
                                "-m",
                                "pip",
                                "install",
                                "--quiet",
                                "--disable-pip-version-check",
                                "prov",
                                "rocrate"))
                        == 0,
                "skipped: prov and rocrate cannot be installed from PyPI here");
        return python;
    }

    private int run(List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output.txt").toFile())
                    .start();
            if (!process.waitFor(180, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return -1;
            }
            return process.exitValue();
        } catch (IOException notThere) {
            return -1;
        }
    }

    private static List<JsonNode> byType(JsonNode crate, String type) {
        List<JsonNode> found = new ArrayList<>();
        crate.at("/@graph").forEach(node -> {
            if (node.path("@type").asText().equals(type)) {
                found.add(node);
            }
        });
        return found;
    }

    private static String name(JsonNode prov, String kind, String key, String value) {
        for (Map.Entry<String, JsonNode> entry : prov.path(kind).properties()) {
            if (entry.getValue().path(key).asText().equals(value)) {
                return entry.getKey();
            }
        }
        throw new AssertionError("no " + kind + " with " + key + " " + value);
    }

    /** All that is reached from an entity against the direction of time. */
    private static Set<String> walk(JsonNode prov, String start) {
        Set<String> reached = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty()) {
            String at = open.pop();
            if (reached.add(at)) {
                step(prov.path("wasGeneratedBy"), "prov:entity", at, List.of("prov:activity"), open);
                step(prov.path("used"), "prov:activity", at, List.of("prov:entity"), open);
                step(prov.path("wasAssociatedWith"), "prov:activity", at, List.of("prov:agent", "prov:plan"), open);
            }
        }
        return reached;
    }

    private static void step(JsonNode relations, String from, String at, List<String> to, Deque<String> open) {
        for (JsonNode relation : relations) {
            if (relation.path(from).asText().equals(at)) {
                to.stream()
                        .filter(relation::has)
                        .forEach(role -> open.push(relation.path(role).asText()));
            }
        }
    }
}
