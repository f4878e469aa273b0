package org.datman.xnat;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** XNAT's DICOMweb plug-in. */
final class XnatDicomWeb implements DicomWebServer {

    private final XnatHttp http;

    XnatDicomWeb(XnatHttp http) {
        this.http = http;
    }

    @Override
    public String series(DicomWeb.Series series, String studyUid) {
        return "/xapi/dicomweb/projects/" + Paths.segment(series.project()) + "/studies/" + studyUid + "/series";
    }

    /** Only XNAT's catalogue knows which file is which instance. */
    @Override
    public Map<String, String> instances(DicomWeb.Series series) {
        return once("catalog", Paths.resource(series.resource()) + "?format=xml", XnatDicomWeb::catalogue);
    }

    @Override
    public <T> T once(String endpoint, String path, Transport.BodyReader<T> reader) {
        return http.getOnce(endpoint, path, reader);
    }

    static Map<String, String> catalogue(InputStream xml) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        Map<String, String> instances = new HashMap<>();
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(xml);
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamReader.START_ELEMENT
                        && reader.getLocalName().equals("entry")) {
                    String file = reader.getAttributeValue(null, "URI");
                    String uid = reader.getAttributeValue(null, "UID");
                    if (file != null && uid != null && !uid.isEmpty()) {
                        instances.put(file, uid);
                    }
                }
            }
        } catch (XMLStreamException e) {
            throw new MalformedBody("XNAT's catalogue is not XML", e);
        }
        return instances;
    }
}
