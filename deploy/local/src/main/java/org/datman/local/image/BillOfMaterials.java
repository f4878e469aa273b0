package org.datman.local.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.cyclonedx.Version;
import org.cyclonedx.exception.GeneratorException;
import org.cyclonedx.generators.BomGeneratorFactory;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Hash;
import org.cyclonedx.model.Metadata;
import org.cyclonedx.model.Property;
import org.datman.contracts.archive.Fixity;
import org.datman.local.image.DebianPackages.DebianPackage;

/** The software bill of materials of an image (CycloneDX 1.6): each library that is in it, with its SHA-256, and the packages of its base. */
public final class BillOfMaterials {

    private static final String JAR = ".jar";

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
        Bom bom = new Bom();
        bom.setSerialNumber(
                "urn:uuid:" + UUID.nameUUIDFromBytes((image.name() + digest).getBytes(StandardCharsets.UTF_8)));
        bom.setMetadata(metadata(image, version, digest, base, packages.isEmpty(), created));
        Map<String, Component> components = new TreeMap<>();
        for (Map<String, Path> files : List.of(image.libraries(), image.own())) {
            Map<String, Coordinates> known = coordinates(image.own().values());
            for (Path file : files.values()) {
                String name = file.getFileName().toString();
                if (name.endsWith(JAR)) {
                    components.put(name, library(file, known.getOrDefault(name, Coordinates.UNKNOWN)));
                }
            }
        }
        List<Component> all = new ArrayList<>(components.values());
        packages.forEach(debian -> all.add(debian(debian)));
        bom.setComponents(all);
        try {
            return BomGeneratorFactory.createJson(Version.VERSION_16, bom).toJsonString();
        } catch (GeneratorException e) {
            throw new IOException("The bill of materials of " + image.name() + " cannot be written", e);
        }
    }

    private static Metadata metadata(
            ImageContents image, String version, String digest, String base, boolean baseUnknown, Instant created) {
        Component container = new Component();
        container.setType(Component.Type.CONTAINER);
        container.setName(image.name());
        container.setVersion(version);
        container.addHash(new Hash(Hash.Algorithm.SHA_256, digest.replaceFirst("^sha256:", "")));
        container.setBomRef(image.name() + "@" + digest);
        Metadata metadata = new Metadata();
        metadata.setTimestamp(Date.from(created));
        metadata.setComponent(container);
        metadata.setProperties(List.of(
                property("datman:image:base", base),
                property("datman:image:base:packages", baseUnknown ? "not listed here" : "listed")));
        return metadata;
    }

    private static Property property(String name, String value) {
        Property property = new Property();
        property.setName(name);
        property.setValue(value);
        return property;
    }

    private static Component library(Path file, Coordinates listed) throws IOException {
        Coordinates coordinates = listed.equals(Coordinates.UNKNOWN) ? Coordinates.inside(file) : listed;
        Component component = new Component();
        component.setType(Component.Type.LIBRARY);
        component.addHash(new Hash(Hash.Algorithm.SHA_256, Fixity.sha256(file)));
        if (coordinates.equals(Coordinates.UNKNOWN)) {
            component.setName(file.getFileName().toString());
            component.setBomRef(file.getFileName().toString());
            return component;
        }
        component.setGroup(coordinates.group());
        component.setName(coordinates.artifact());
        component.setVersion(coordinates.version());
        String purl = "pkg:maven/" + coordinates.group() + "/" + coordinates.artifact() + "@" + coordinates.version()
                + (coordinates.classifier().isEmpty() ? "" : "?classifier=" + coordinates.classifier());
        component.setPurl(purl);
        component.setBomRef(purl);
        return component;
    }

    private static Component debian(DebianPackage debian) {
        Component component = new Component();
        component.setType(Component.Type.LIBRARY);
        component.setName(debian.name());
        component.setVersion(debian.version());
        // purl-spec, type deb: an epoch's colon and a plus are encoded.
        String purl = "pkg:deb/debian/" + encoded(debian.name()) + "@" + encoded(debian.version()) + "?arch="
                + debian.architecture();
        component.setPurl(purl);
        component.setBomRef(purl);
        return component;
    }

    private static String encoded(String text) {
        return text.replace("%", "%25").replace("+", "%2B").replace(":", "%3A").replace("~", "~");
    }

    /** What Quarkus lists of the libraries that it put together, by the name of their file. */
    private static Map<String, Coordinates> coordinates(Iterable<Path> files) throws IOException {
        Map<String, Coordinates> known = new HashMap<>();
        for (Path file : files) {
            if (file.endsWith("quarkus-app-dependencies.txt")) {
                for (String line : Files.readAllLines(file)) {
                    // group:artifact:classifier:type:version
                    String[] parts = line.strip().split(":", -1);
                    if (parts.length == 5) {
                        Coordinates coordinates = new Coordinates(parts[0], parts[1], parts[4], parts[2]);
                        known.put(coordinates.fileOfQuarkus(), coordinates);
                    }
                }
            }
        }
        return known;
    }

    /** What Maven names an artifact by. */
    private record Coordinates(String group, String artifact, String version, String classifier) {

        static final Coordinates UNKNOWN = new Coordinates("", "", "", "");

        String fileOfQuarkus() {
            return group + "." + artifact + "-" + version + (classifier.isEmpty() ? "" : "-" + classifier) + JAR;
        }

        /** What a library says about itself: the one {@code pom.properties} in it. */
        static Coordinates inside(Path file) throws IOException {
            Coordinates found = UNKNOWN;
            try (InputStream in = Files.newInputStream(file);
                    ZipInputStream jar = new ZipInputStream(in)) {
                for (ZipEntry entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
                    if (entry.getName().matches("META-INF/maven/[^/]+/[^/]+/pom\\.properties")) {
                        Properties properties = new Properties();
                        properties.load(jar);
                        String artifact = properties.getProperty("artifactId", "");
                        // A library with others inside it has theirs, too.
                        if (file.getFileName().toString().startsWith(artifact + "-")) {
                            found = new Coordinates(
                                    properties.getProperty("groupId", ""),
                                    artifact,
                                    properties.getProperty("version", ""),
                                    "");
                        }
                    }
                }
            }
            return found;
        }
    }
}
