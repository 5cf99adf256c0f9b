// Makes signed files with PDFBox and BouncyCastle for our verifier: legacy CMS as most readers write it.
// Arguments: folder, PKCS#12 of the signer, of a timestamp authority, password. Prints made NAME=VERDICT.

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Calendar;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.SignatureInterface;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

public class BouncyProducer {
  static PrivateKey key;
  static Certificate[] chain;

  public static void main(String[] args) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (FileInputStream in = new FileInputStream(args[1])) {
      store.load(in, args[3].toCharArray());
    }
    String alias = store.aliases().nextElement();
    key = (PrivateKey) store.getKey(alias, args[3].toCharArray());
    chain = store.getCertificateChain(alias);
    for (String base : new String[] {"plain", "streams"}) {
      for (String algorithm : new String[] {"SHA256withRSA", "SHA512withRSA", "SHA256withRSAandMGF1"}) {
        String name = base + "-" + algorithm.toLowerCase();
        sign(Path.of(args[0], base + ".pdf").toFile(), Path.of(args[0], name + ".pdf").toFile(), algorithm);
        System.out.println("made " + name + "=valid");
      }
    }
    sign(Path.of(args[0], "plain-sha256withrsa.pdf").toFile(), Path.of(args[0], "twice.pdf").toFile(), "SHA256withRSA");
    System.out.println("made twice=valid-with-permitted-changes");
  }

  static void sign(File from, File to, String algorithm) throws Exception {
    try (PDDocument document = PDDocument.load(from); FileOutputStream out = new FileOutputStream(to)) {
      PDSignature signature = new PDSignature();
      signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
      signature.setSubFilter(PDSignature.SUBFILTER_ADBE_PKCS7_DETACHED);
      signature.setName("PDFBox");
      signature.setSignDate(Calendar.getInstance());
      SignatureInterface signer = content -> cms(content, algorithm);
      document.addSignature(signature, signer);
      document.saveIncremental(out);
    }
  }

  static byte[] cms(InputStream content, String algorithm) throws java.io.IOException {
    try {
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(
          new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
              .build(new JcaContentSignerBuilder(algorithm).setProvider("BC").build(key), (X509Certificate) chain[0]));
      generator.addCertificates(new JcaCertStore(Arrays.asList(chain)));
      return generator.generate(new CMSProcessableByteArray(content.readAllBytes()), false).getEncoded();
    } catch (Exception failure) {
      throw new java.io.IOException(failure);
    }
  }
}
