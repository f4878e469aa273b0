package org.datman.local.documentation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The modules as the poms declare them, in the order of the build. */
final class Modules {

    private Modules() {}

    /**
     * What a module imports of DATMAN.
     *
     * @param imports modules on its class path
     * @param optional those of them that its users do not get
     * @param inTests modules on the class path of its tests only
     * @param testKits modules whose test kit (test-jar) its tests use
     */
    record Imports(Set<String> imports, Set<String> optional, Set<String> inTests, Set<String> testKits) {}

    /** Folder of the module to what it imports. A service that is only built before (type pom) is no import. */
    static Map<String, Imports> declared(Path root) throws Exception {
        Map<String, String> folders = new LinkedHashMap<>();
        for (Element module : children(pom(root), "modules", "module")) {
            String folder = module.getTextContent();
            folders.put(text(pom(root.resolve(folder)), "artifactId"), folder);
        }
        Map<String, Imports> modules = new LinkedHashMap<>();
        for (String folder : folders.values()) {
            modules.put(folder, imports(pom(root.resolve(folder)), folders));
        }
        return modules;
    }

    private static Imports imports(Element pom, Map<String, String> folders) {
        Imports found =
                new Imports(new LinkedHashSet<>(), new TreeSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
        for (Element dependency : children(pom, "dependencies", "dependency")) {
            String folder = folders.get(text(dependency, "artifactId"));
            if (folder == null || text(dependency, "type").equals("pom")) {
                continue;
            }
            if (text(dependency, "type").equals("test-jar")) {
                found.testKits().add(folder);
            } else if (text(dependency, "scope").equals("test")) {
                found.inTests().add(folder);
            } else {
                found.imports().add(folder);
                if (text(dependency, "optional").equals("true")) {
                    found.optional().add(folder);
                }
            }
        }
        return found;
    }

    private static Element pom(Path folder) throws Exception {
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("pom.xml").toFile());
        return document.getDocumentElement();
    }

    private static List<Element> children(Element parent, String list, String name) {
        List<Element> found = new ArrayList<>();
        direct(parent, list).forEach(container -> found.addAll(direct(container, name)));
        return found;
    }

    private static String text(Element parent, String name) {
        return direct(parent, name).stream()
                .map(Element::getTextContent)
                .findFirst()
                .orElse("");
    }

    private static List<Element> direct(Element parent, String name) {
        NodeList all = parent.getChildNodes();
        return IntStream.range(0, all.getLength())
                .mapToObj(all::item)
                .filter(node -> node.getNodeName().equals(name))
                .map(Element.class::cast)
                .toList();
    }
}
