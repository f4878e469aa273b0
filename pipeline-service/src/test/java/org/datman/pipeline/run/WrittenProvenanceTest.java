package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.study.PipelineRule;
import org.datman.pipeline.PythonPackages;
import org.datman.pipeline.runner.LocalRunner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a result says of itself: DATMAN's record, PROV-JSON and a crate, by their structure and by the programs that read them. */
class WrittenProvenanceTest {

    private static final String HOSTILE = "a b%20\"<&>";

    @TempDir
    Path folder;

    private Path result;
    private FileRef image;

    @BeforeEach
    void aRunOfAToolThatCopies() throws Exception {
        RunFixture fixture = new RunFixture(folder, "BAD_CMH_0001_01_01", "good.json");
        Path descriptor = fixture.home().resolve("good.json");
        Files.writeString(
                descriptor,
                Files.readString(descriptor)
                        .replace("cp [IMAGE] out/copy.bin", "cp [IMAGE] out/copy.bin; echo said; echo warned >&2"));
        PipelineRule rule = fixture.rules().stream()
                .filter(each -> each.name().equals("good"))
                .findFirst()
                .orElseThrow();
        image = fixture.archive()
                .write(FileRole.NIFTI, "BAD/nii/BAD_CMH_0001_01_01/" + HOSTILE + ".nii.gz", new byte[] {1, 2, 3});
        Job job = fixture.job(rule, Map.of("image", image));
        Outcome outcome = fixture.attempt(new LocalRunner(List.of("PATH")))
                .run(job, handle -> true, () -> false)
                .orElseThrow();
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Succeeded.class, done -> {
            List<String> own = done.outputs().stream()
                    .filter(file -> file.role() == FileRole.PROVENANCE)
                    .map(FileRef::path)
                    .toList();
            assertThat(own)
                    .extracting(path -> path.substring(path.lastIndexOf('/') + 1))
                    .containsExactly("prov.json", "ro-crate-metadata.json", "provenance.json");
            result = fixture.archive().resolve(own.get(0)).getParent();
        });
    }

    @Test
    void theCrateHasTheRunWithItsToolAndAllFilesOfItsFolder() throws IOException {
        // When
        JsonNode crate = json("ro-crate-metadata.json");

        // Then
        JsonNode action = only(crate, "CreateAction");
        JsonNode record = json("provenance.json");
        assertThat(action.path("startTime").textValue())
                .isEqualTo(record.path("started").textValue());
        assertThat(action.path("endTime").textValue())
                .isEqualTo(record.path("finished").textValue());
        assertThat(action.at("/actionStatus/@id").textValue()).endsWith("CompletedActionStatus");
        assertThat(action.at("/instrument/0/@id"))
                .isEqualTo(only(crate, "SoftwareApplication").path("@id"));
        assertThat(action.path("description").textValue()).contains("cpuSeconds: ", "peakMemoryBytes: ", "host: ");
        assertThat(action.at("/result").findValuesAsText("@id")).containsExactly("out/copy.bin");
        JsonNode input = byId(crate, action.at("/object/0/@id").textValue());
        assertThat(input.path("sha256").textValue()).isEqualTo(image.sha256());
        assertThat(input.path("@id").textValue()).startsWith("urn:datman:file/");
        assertThat(only(crate, "Dataset").path("hasPart").findValuesAsText("@id"))
                .contains(
                        "out/copy.bin",
                        "logs/attempt-1.stdout.txt",
                        "logs/attempt-1.stderr.txt",
                        "provenance.json",
                        "prov.json");
    }

    @Test
    void anOutputIsDerivedFromTheInputByTheRunOfTheTool() throws IOException {
        // When
        JsonNode prov = json("prov.json");

        // Then
        JsonNode derived = prov.path("wasDerivedFrom").elements().next();
        JsonNode output =
                prov.path("entity").path(derived.path("prov:generatedEntity").textValue());
        JsonNode input =
                prov.path("entity").path(derived.path("prov:usedEntity").textValue());
        JsonNode activity =
                prov.path("activity").path(derived.path("prov:activity").textValue());
        assertThat(output.path("datman:path").textValue()).endsWith("/out/copy.bin");
        assertThat(input.path("datman:sha256").textValue()).isEqualTo(image.sha256());
        assertThat(activity.path("datman:exitCode").textValue()).isEqualTo("0");
        assertThat(prov.path("agent")).hasSize(2);
    }

    @Test
    void otherProgramsReadBoth() throws Exception {
        // Given
        PythonPackages python = PythonPackages.large(folder, "prov==3.2.3", "rocrate==0.16.0", "roc-validator==0.13.0");
        Path script = Files.writeString(folder.resolve("read.py"), """
                import io, json, pathlib, sys
                import prov.model, requests, rocrate, urllib3
                import rdflib.plugins.shared.jsonld.context as contexts
                from rocrate_validator import models, services
                # The validator asks for the context on the web; the package rocrate brings it.
                known = (pathlib.Path(rocrate.__file__).parent / "data/ro-crate.jsonld").read_bytes()
                contexts.source_to_json = lambda source, **more: (json.loads(known), None)
                def send(self, request, **more):
                    assert request.url == "https://w3id.org/ro/crate/1.3/context", request.url
                    return self.build_response(request, urllib3.HTTPResponse(io.BytesIO(known),
                        {"Content-Type": "application/ld+json"}, 200, preload_content=False))
                requests.adapters.HTTPAdapter.send = send
                # Its Process Run Crate 0.5 wants the version 1.1 of RO-Crate, and nothing newer.
                version = "ro-crate-1.1_5.3"
                document = prov.model.ProvDocument.deserialize(sys.argv[1] + "/prov.json")
                print("prov", *(len(list(document.get_records(kind))) for kind in (prov.model.ProvEntity,
                    prov.model.ProvActivity, prov.model.ProvAgent, prov.model.ProvUsage, prov.model.ProvGeneration,
                    prov.model.ProvAssociation, prov.model.ProvDerivation)))
                for profile in "ro-crate-1.3", "process-run-crate-0.5":
                    found = services.validate(services.ValidationSettings(rocrate_uri=sys.argv[1], no_cache=True,
                        profile_identifier=profile, requirement_severity=models.Severity.REQUIRED))
                    print(profile, [issue.message for issue in found.get_issues() if issue.check.identifier != version])
                """);

        // When
        byte[] printed = python.python(script.toString(), result.toString());

        // Then
        assertThat(new String(printed, StandardCharsets.UTF_8).lines().toList())
                .endsWith("prov 2 1 2 1 1 2 1", "ro-crate-1.3 []", "process-run-crate-0.5 []");
    }

    private JsonNode json(String file) throws IOException {
        return EventJson.mapper().readTree(result.resolve(file).toFile());
    }

    private static JsonNode only(JsonNode crate, String type) {
        List<JsonNode> found = new ArrayList<>();
        crate.path("@graph").forEach(node -> {
            if (node.path("@type").asText().equals(type)) {
                found.add(node);
            }
        });
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static JsonNode byId(JsonNode crate, String id) {
        for (JsonNode node : crate.path("@graph")) {
            if (node.path("@id").asText().equals(id)) {
                return node;
            }
        }
        throw new AssertionError("no node " + id);
    }
}
