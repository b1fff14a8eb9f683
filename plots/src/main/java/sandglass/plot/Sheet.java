package sandglass.plot;

import de.erichseifert.vectorgraphics2d.Document;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;

/** Puts a drawing on paper: SVG text, or a PNG at twice the size. */
final class Sheet {

    private static final int PNG_SCALE = 2;
    private static final Pattern LONG_NUMBER = Pattern.compile("-?[0-9]+\\.[0-9]{3,}(E-?[0-9]+)?");
    private static final Pattern TAG = Pattern.compile("<[^>]*>");
    private static final Pattern CLIP = Pattern.compile("<clipPath id=\"([^\"]+)\"");
    /** Faces with the same widths as the one that the figure was measured with, then whatever the reader has. */
    private static final String FACES = "'DejaVu Sans', Verdana, Geneva, sans-serif";

    private Sheet() {}

    static String svg(Drawing drawing) throws IOException {
        VectorGraphics2D g = new VectorGraphics2D();
        drawing.painter().paint(g);
        Document document = new SVGProcessor().getDocument(g.getCommands(), new PageSize(0, 0, drawing.width(), drawing.height()));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        document.writeTo(bytes);
        return finished(bytes.toString(StandardCharsets.UTF_8), drawing);
    }

    static void png(Drawing drawing, Path file) throws IOException {
        BufferedImage image = new BufferedImage(drawing.width() * PNG_SCALE, drawing.height() * PNG_SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.scale(PNG_SCALE, PNG_SCALE);
        drawing.painter().paint(g);
        g.dispose();
        ImageIO.write(image, "png", file.toFile());
    }

    /**
     * Makes what the encoder wrote fit to be shared: no reference to a document type elsewhere, a text size stated where the encoder leaves out its
     * own default, faces that other machines have, clip names by number instead of by hash, no more digits in coordinates than a screen
     * has.
     */
    private static String finished(String svg, Drawing drawing) {
        String body = svg.substring(svg.indexOf("<svg")).replaceAll("font-family:&quot;[^&]*&quot;", "font-family:" + FACES);
        Matcher clips = CLIP.matcher(body);
        Map<String, String> names = new LinkedHashMap<>();
        while (clips.find()) {
            names.putIfAbsent(clips.group(1), "clip" + names.size());
        }
        for (Map.Entry<String, String> name : names.entrySet()) {
            body = body.replace("id=\"" + name.getKey() + "\"", "id=\"" + name.getValue() + "\"")
                    .replace("url(#" + name.getKey() + ")", "url(#" + name.getValue() + ")");
        }
        body = TAG.matcher(body).replaceAll(tag -> Matcher.quoteReplacement(LONG_NUMBER.matcher(tag.group()).replaceAll(Sheet::shorter)));
        String open = "<svg role=\"img\" style=\"font-size:12px\"";
        int end = body.indexOf('>');
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + open + body.substring("<svg".length(), end + 1) + "\n  <title>"
                + escaped(drawing.title()) + "</title>" + body.substring(end + 1).stripTrailing() + "\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String shorter(MatchResult number) {
        return new BigDecimal(number.group()).setScale(2, RoundingMode.HALF_EVEN).stripTrailingZeros().toPlainString();
    }
}
