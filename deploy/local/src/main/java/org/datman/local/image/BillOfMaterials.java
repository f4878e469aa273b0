package org.datman.local.image;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.datman.contracts.archive.Fixity;
import org.datman.local.image.DebianPackages.DebianPackage;

/** The software bill of materials of an image (CycloneDX 1.6): each library that is in it, with its SHA-256, and the packages of its base. */
public final class BillOfMaterials {

    private static final String JAR = ".jar";
    private static final ObjectMapper JSON = new ObjectMapper();

    private BillOfMaterials() {}

    /**
     * As JSON; the same for the same image.
     *
     * @param digest digest of the image, {@code sha256:…}
     * @param base what the image was made from
     * @param packages packages of the base, where they are known
     */
    public static String of(
            ImageContents image,
            String version,
            String digest,
            String base,
            List<DebianPackage> packages,
            Instant created)
            throws IOException {
        ObjectNode bom = JSON.createObjectNode();
        bom.put("bomFormat", "CycloneDX");
        bom.put("specVersion", "1.6");
        bom.put(
                "serialNumber",
                "urn:uuid:" + UUID.nameUUIDFromBytes((image.name() + digest).getBytes(StandardCharsets.UTF_8)));
        bom.put("version", 1);
        ObjectNode metadata = bom.putObject("metadata");
        metadata.put("timestamp", created.toString());
        ObjectNode container = metadata.putObject("component");
        container.put("type", "container");
        container.put("bom-ref", image.name() + "@" + digest);
        container.put("name", image.name());
        container.put("version", version);
        hash(container, digest.replaceFirst("^sha256:", ""));
        ArrayNode properties = metadata.putArray("properties");
        property(properties, "datman:image:base", base);
        property(properties, "datman:image:base:packages", packages.isEmpty() ? "not listed here" : "listed");
        ArrayNode components = bom.putArray("components");
        Map<String, Coordinates> known = coordinates(image.own().values());
        Map<String, ObjectNode> byReference = new TreeMap<>();
        for (Map<String, Path> files : List.of(image.libraries(), image.own())) {
            for (Map.Entry<String, Path> file : files.entrySet()) {
                if (file.getKey().endsWith(JAR)) {
                    ObjectNode library = library(file.getKey(), file.getValue(), known);
                    byReference.putIfAbsent(library.path("bom-ref").asText(), library);
                }
            }
        }
        for (DebianPackage debian : packages) {
            ObjectNode component = debian(debian);
            byReference.putIfAbsent(component.path("bom-ref").asText(), component);
        }
        components.addAll(byReference.values());
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(bom);
    }

    private static void property(ArrayNode properties, String name, String value) {
        properties.addObject().put("name", name).put("value", value);
    }

    private static void hash(ObjectNode component, String sha256) {
        component.putArray("hashes").addObject().put("alg", "SHA-256").put("content", sha256);
    }

    private static ObjectNode library(String path, Path file, Map<String, Coordinates> known) throws IOException {
        String name = file.getFileName().toString();
        Coordinates coordinates = known.getOrDefault(name, Coordinates.UNKNOWN);
        ObjectNode component = JSON.createObjectNode();
        component.put("type", "library");
        if (coordinates.equals(Coordinates.UNKNOWN)) {
            component.put("bom-ref", path);
            component.put("name", name);
            hash(component, Fixity.sha256(file));
            return component;
        }
        String purl = "pkg:maven/" + coordinates.group() + "/" + coordinates.artifact() + "@"
                + encoded(coordinates.version())
                + (coordinates.classifier().isEmpty() ? "" : "?classifier=" + encoded(coordinates.classifier()));
        component.put("bom-ref", purl);
        component.put("group", coordinates.group());
        component.put("name", coordinates.artifact());
        component.put("version", coordinates.version());
        hash(component, Fixity.sha256(file));
        component.put("purl", purl);
        return component;
    }

    private static ObjectNode debian(DebianPackage debian) {
        // purl-spec, type deb: an epoch's colon and a plus are encoded.
        String purl = "pkg:deb/debian/" + encoded(debian.name()) + "@" + encoded(debian.version()) + "?arch="
                + encoded(debian.architecture());
        ObjectNode component = JSON.createObjectNode();
        component.put("type", "library");
        component.put("bom-ref", purl);
        component.put("name", debian.name());
        component.put("version", debian.version());
        component.put("purl", purl);
        return component;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("%7E", "~");
    }

    /** What Quarkus and Maven list of the libraries that they put together, by the name of their file. */
    private static Map<String, Coordinates> coordinates(Iterable<Path> files) throws IOException {
        Map<String, Coordinates> known = new HashMap<>();
        for (Path file : files) {
            if (file.endsWith("quarkus-app-dependencies.txt")) {
                for (String line : Files.readAllLines(file)) {
                    // group:artifact:classifier:type:version
                    String[] parts = line.strip().split(":", -1);
                    if (parts.length == 5) {
                        Coordinates coordinates = new Coordinates(parts[0], parts[1], parts[4], parts[2]);
                        known.put(coordinates.group() + "." + coordinates.file(), coordinates);
                    }
                }
            } else if (file.endsWith("dependencies.txt")) {
                for (String line : Files.readAllLines(file)) {
                    // group:artifact:type[:classifier]:version:scope, and the module's name after a space
                    String[] parts = line.strip().split(" ")[0].split(":", -1);
                    if (parts.length == 5 || parts.length == 6) {
                        Coordinates coordinates = new Coordinates(
                                parts[0], parts[1], parts[parts.length - 2], parts.length == 6 ? parts[3] : "");
                        known.put(coordinates.file(), coordinates);
                    }
                }
            }
        }
        return known;
    }

    /** What Maven names an artifact by. */
    private record Coordinates(String group, String artifact, String version, String classifier) {

        static final Coordinates UNKNOWN = new Coordinates("", "", "", "");

        String file() {
            return artifact + "-" + version + (classifier.isEmpty() ? "" : "-" + classifier) + JAR;
        }
    }
}
