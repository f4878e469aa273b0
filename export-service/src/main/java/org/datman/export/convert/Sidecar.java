package org.datman.export.convert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The JSON that dcm2niix puts beside an image. What it tells of a person is taken out line by line, so that everything else
 * stays byte for byte as dcm2niix wrote it.
 */
final class Sidecar {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Fields that name or describe the person, or hold free text in which names are typed. dcm2niix leaves most of them out
     * already when asked to anonymize; ProcedureStepDescription it keeps, and sites put names there.
     */
    private static final Pattern PERSON = Pattern.compile(
            "^\\s*\"(Patient(Name|ID|Sex|Age|BirthDate|Size|Weight|Comments)|OtherPatient\\w*|AccessionNumber|StudyID|Operators?Name"
                    + "|ReferringPhysicianName|PerformingPhysicianName|PerformingPhysiciansName|ProcedureStepDescription|ImageComments|StudyDescription)\":.*");

    private final JsonNode json;

    private Sidecar(JsonNode json) {
        this.json = json;
    }

    /** Takes the person out of a sidecar file, in place, and reads it. Empty when it is not JSON; it is then left out altogether. */
    static Optional<Sidecar> clean(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        String kept = text.lines()
                .filter(line -> !PERSON.matcher(line).matches())
                .collect(Collectors.joining("\n", "", "\n"));
        try {
            JsonNode json = JSON.readTree(kept.getBytes(StandardCharsets.ISO_8859_1));
            Files.writeString(file, kept, StandardCharsets.ISO_8859_1);
            return Optional.of(new Sidecar(json));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    Optional<Integer> number(String field) {
        JsonNode value = json.path(field);
        return value.isNumber() ? Optional.of(value.intValue()) : Optional.empty();
    }

    Optional<Double> real(String field) {
        JsonNode value = json.path(field);
        return value.isNumber() ? Optional.of(value.doubleValue()) : Optional.empty();
    }

    Optional<String> text(String field) {
        JsonNode value = json.path(field);
        return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
    }

    List<String> texts(String field) {
        List<String> texts = new ArrayList<>();
        json.path(field).forEach(value -> texts.add(value.asText()));
        return texts;
    }
}
