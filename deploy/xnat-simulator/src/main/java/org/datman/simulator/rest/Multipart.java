package org.datman.simulator.rest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.commons.fileupload.FileItemIterator;
import org.apache.commons.fileupload.FileItemStream;
import org.apache.commons.fileupload.FileUpload;
import org.apache.commons.fileupload.FileUploadException;
import org.apache.commons.fileupload.UploadContext;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Request;
import org.datman.simulator.importer.LoadOptions;

/** Uploads as browsers and some clients send them: multipart/form-data with the file as one of its parts. */
final class Multipart {

    /** A file of a form and its name there. */
    record Part(String name, Path file) {}

    private Multipart() {}

    static boolean is(Request request) {
        return request.header("content-type").startsWith("multipart/form-data");
    }

    /**
     * The parts with a file name, kept as files.
     *
     * @throws IOException when the body is not what its content type says
     * @throws Refusal 501 when a part is a parameter, which only queries carry here
     */
    static List<Part> files(Request request, Uploads uploads) throws IOException {
        try {
            List<Part> files = new ArrayList<>();
            FileItemIterator parts = new FileUpload().getItemIterator(new Body(request));
            while (parts.hasNext()) {
                FileItemStream part = parts.next();
                if (part.isFormField()) {
                    if (PARAMETERS.contains(part.getFieldName())) {
                        throw Refusal.notDone("parameter " + part.getFieldName() + " as a part of a form");
                    }
                    continue;
                }
                String name = LoadOptions.lastOf(part.getName());
                Path folder = uploads.newFolder("form-");
                // Archives are recognized by their names, so the last part of the name is kept.
                Path file = folder.resolve(LoadOptions.fileName(name));
                try (InputStream in = part.openStream()) {
                    Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                }
                files.add(new Part(name, file));
            }
            return files;
        } catch (FileUploadException malformed) {
            throw new IOException("The form cannot be read: " + malformed.getMessage(), malformed);
        }
    }

    /** Parts that XNAT treats like query parameters. */
    private static final Set<String> PARAMETERS = Set.of(
            "overwrite", "extract", "project", "subject", "session", "dest", "import-handler", "prearchive", "rename");

    private record Body(Request request) implements UploadContext {

        @Override
        public String getCharacterEncoding() {
            return "UTF-8";
        }

        @Override
        public String getContentType() {
            return request.header("content-type");
        }

        @Override
        @Deprecated
        public int getContentLength() {
            return (int) Math.min(contentLength(), Integer.MAX_VALUE);
        }

        @Override
        public long contentLength() {
            try {
                return Files.size(request.body());
            } catch (IOException unknown) {
                return -1;
            }
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return Files.newInputStream(request.body());
        }
    }
}
