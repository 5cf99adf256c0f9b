// Makes signed files with EU DSS for our verifier: every PAdES level.
// Arguments: folder, PKCS#12 of the signer, of a timestamp authority, password. Prints made NAME=VERDICT=LEVEL.

import eu.europa.esig.dss.enumerations.CertificationPermission;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.enumerations.SignatureAlgorithm;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.ToBeSigned;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.spi.x509.tsp.KeyEntityTSPSource;
import java.io.File;
import java.io.FileInputStream;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

public class DssProducer {
  static PrivateKey key;
  static List<CertificateToken> chain;
  static PAdESService service;

  public static void main(String[] args) throws Exception {
    KeyStore store = open(args[1], args[3]);
    String alias = store.aliases().nextElement();
    key = (PrivateKey) store.getKey(alias, args[3].toCharArray());
    chain = tokens(store.getCertificateChain(alias));
    KeyStore stamps = open(args[2], args[3]);
    String stampAlias = stamps.aliases().nextElement();
    CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
    trusted.addCertificate(DSSUtils.loadCertificate(new File(args[0], "root.pem")));
    CommonCertificateVerifier verifier = new CommonCertificateVerifier();
    verifier.setTrustedCertSources(trusted);
    verifier.setAIASource(null);
    File[] lists = new File(args[0]).listFiles((folder, name) -> name.endsWith(".crl"));
    verifier.setCrlSource(new ExternalResourcesCRLSource(
        Arrays.stream(lists).map(file -> (DSSDocument) new FileDocument(file)).toArray(DSSDocument[]::new)));
    service = new PAdESService(verifier);
    KeyEntityTSPSource authority = new KeyEntityTSPSource(
        (PrivateKey) stamps.getKey(stampAlias, args[3].toCharArray()),
        (X509Certificate) stamps.getCertificate(stampAlias),
        Arrays.stream(stamps.getCertificateChain(stampAlias)).map(c -> (X509Certificate) c).toList());
    authority.setTsaPolicy("1.2.3.4.5");
    service.setTspSource(authority);
    for (String base : new String[] {"plain", "streams"}) {
      for (String level : new String[] {"B", "T", "LT", "LTA"}) {
        make(args[0], base, base + "-" + level.toLowerCase(), level, null);
      }
    }
    make(args[0], "plain", "certified-1", "B", CertificationPermission.NO_CHANGE_PERMITTED);
    make(args[0], "plain", "certified-2", "T", CertificationPermission.MINIMAL_CHANGES_PERMITTED);
    make(args[0], "certified-2", "after-certification", "B", null);
    extend(args[0], "plain-b", "plain-b-extended");
  }

  static void make(String folder, String base, String name, String level, CertificationPermission permission) throws Exception {
    DSSDocument document = new FileDocument(new File(folder, base + ".pdf"));
    PAdESSignatureParameters parameters = new PAdESSignatureParameters();
    parameters.setSignatureLevel(SignatureLevel.valueByName("PAdES-BASELINE-" + level));
    parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
    parameters.setSigningCertificate(chain.get(0));
    parameters.setCertificateChain(chain);
    if (permission != null) parameters.setPermission(permission);
    ToBeSigned data = service.getDataToSign(document, parameters);
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(key);
    signature.update(data.getBytes());
    SignatureValue value = new SignatureValue(SignatureAlgorithm.RSA_SHA256, signature.sign());
    service.signDocument(document, parameters, value).save(Path.of(folder, name + ".pdf").toString());
    boolean second = base.startsWith("certified");
    System.out.println("made " + name + (second ? "=valid-with-permitted-changes" : "=valid=B-" + level));
  }

  static void extend(String folder, String base, String name) throws Exception {
    PAdESSignatureParameters parameters = new PAdESSignatureParameters();
    parameters.setSignatureLevel(SignatureLevel.PAdES_BASELINE_LTA);
    service.extendDocument(new FileDocument(new File(folder, base + ".pdf")), parameters)
        .save(Path.of(folder, name + ".pdf").toString());
    System.out.println("made " + name + "=valid=B-LTA");
  }

  static KeyStore open(String path, String password) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (FileInputStream in = new FileInputStream(path)) {
      store.load(in, password.toCharArray());
    }
    return store;
  }

  static List<CertificateToken> tokens(Certificate[] certificates) {
    List<CertificateToken> tokens = new ArrayList<>();
    for (Certificate certificate : certificates) tokens.add(new CertificateToken((X509Certificate) certificate));
    return tokens;
  }
}
