//! The sentences and words from which languages in Latin letters are learned; all of them were written for this purpose.
//!
//! They speak of what customers and people with assistants speak of, and hold the small words that every sentence needs.

use super::Tongue;

/// Each language with its sentences and its small words.
pub(super) const SENTENCES: [(Tongue, &str); 7] = [
    (Tongue::En, EN),
    (Tongue::De, DE),
    (Tongue::Fr, FR),
    (Tongue::Es, ES),
    (Tongue::It, IT),
    (Tongue::Nl, NL),
    (Tongue::Pt, PT),
];

const EN: &str = "\
hi hello hey good morning good evening bye thanks thank you please sorry yes no okay ok sure great cool \
the a an and or but if of to in on at by for with from about into over after before again under this that these those \
i you he she it we they me him her us them my your his its our their mine yours who what which when where why how \
is are was were be been being am do does did doing have has had having will would shall should can could may might must \
not don't doesn't didn't isn't aren't wasn't can't won't i'm i've i'd it's that's let's there here now then than too very just \
where is my order it should have arrived two days ago \
i would like to return these shoes and get a refund \
can you tell me when the parcel will be delivered to my house \
how much does shipping cost if i order more than one \
my card was charged twice for the same thing what should i do \
please cancel the booking for tomorrow night \
the screen is broken and the battery does not charge any more \
could you change the address on my account to the new one \
i forgot my password and cannot log in to the website \
what is the weather going to be like this weekend will it rain or snow \
set an alarm for seven in the morning and remind me to call mum \
remind me to take out the trash every thursday evening at eight \
play some music by the new band i heard on the radio \
add this song to my playlist and turn the volume up \
show me the nearest cinema and what movies are playing tonight \
book a table for four people at an italian restaurant near the station \
find me a cheap flight to london next friday \
give this book five stars and rate the last one zero \
search for the tv show i was watching yesterday \
do i need an umbrella today is it hot outside \
delete all reminders and cancel my timers \
i want to speak to a human agent right away \
does this coat come in blue or only in black and is there a smaller size \
your service is really bad and nobody answers the phone \
the invoice has the wrong name on it could you send a new one by email \
how do i download the app and open an account \
wake me up early how long will it take to get there by train \
tell me the forecast for new york and the temperature in degrees \
i lost my wallet please block my credit card at once \
who wrote that book and what year was it published \
is there any discount for students or for large orders \
thanks for the quick help that was exactly what i needed have a nice day \
shipping refund return order delivery payment account price size color discount help support question problem status track";

const DE: &str = "\
hallo guten tag guten morgen guten abend tschüss danke vielen dank bitte entschuldigung ja nein gut klar genau \
der die das ein eine einer einen einem eines und oder aber wenn ob von zu zum zur in im an am auf bei für mit aus nach vor über unter \
ich du er sie es wir ihr mich mir dich dir ihn ihm uns euch ihnen mein meine meinen meinem dein deine sein seine unser unsere euer \
wer was welche welcher wann wo warum wie wieso wohin ist sind war waren bin bist sein werden wird wurde wäre habe hast hat haben hatte \
kann kannst können könnte muss müssen soll sollte will wollen möchte möchten darf dürfen nicht kein keine keinen noch schon auch nur sehr \
wo ist meine bestellung sie sollte vor zwei tagen ankommen \
ich möchte diese schuhe zurückgeben und mein geld zurückbekommen \
können sie mir sagen wann das paket geliefert wird \
wie viel kostet der versand wenn ich mehr als eines bestelle \
meine karte wurde zweimal für dieselbe sache belastet was soll ich tun \
bitte stornieren sie die buchung für morgen abend \
der bildschirm ist kaputt und der akku lädt nicht mehr \
könnten sie die adresse in meinem konto ändern \
ich habe mein passwort vergessen und kann mich nicht anmelden \
wie wird das wetter am wochenende wird es regnen oder schneien \
stelle einen wecker für sieben uhr morgens und erinnere mich daran mama anzurufen \
erinnere mich jeden donnerstag um acht uhr abends den müll rauszubringen \
spiele etwas musik von der neuen band die ich im radio gehört habe \
füge dieses lied zu meiner wiedergabeliste hinzu und mach lauter \
zeige mir das nächste kino und welche filme heute abend laufen \
reserviere einen tisch für vier personen in einem italienischen restaurant in der nähe vom bahnhof \
finde mir einen günstigen flug nach london nächsten freitag \
gib diesem buch fünf sterne und bewerte das letzte mit null punkten von sechs \
suche die fernsehserie die ich gestern gesehen habe \
brauche ich heute einen regenschirm ist es draußen heiß oder kalt \
lösche alle erinnerungen und brich meine timer ab \
ich will sofort mit einem menschen sprechen \
gibt es diesen mantel in blau oder nur in schwarz und auch kleiner \
ihr kundendienst ist wirklich schlecht und niemand geht ans telefon \
auf der rechnung steht der falsche name schicken sie mir eine neue per mail \
wie lade ich die app herunter und eröffne ein konto \
wie lange dauert es mit dem zug dorthin und wann fährt er \
sag mir die vorhersage für morgen und die temperatur in grad \
ich habe meinen geldbeutel verloren sperren sie bitte meine kreditkarte \
wer hat dieses buch geschrieben und in welchem jahr ist es erschienen \
gibt es einen rabatt für studenten oder für große bestellungen \
danke für die schnelle hilfe das war genau was ich brauchte schönen tag noch \
versand rückerstattung rückgabe bestellung lieferung zahlung konto preis größe farbe rabatt hilfe frage problem status";

const FR: &str = "\
bonjour salut bonsoir au revoir merci beaucoup s'il vous plaît pardon oui non d'accord bien sûr \
le la les un une des du de d'un d'une et ou mais si que qui quoi dont où quand comment pourquoi combien à au aux en dans sur sous par pour avec sans \
je tu il elle on nous vous ils elles me te se moi toi lui leur mon ma mes ton ta tes son sa ses notre nos votre vos leurs ce cet cette ces \
est sont était être suis es avoir ai as a avons avez ont peux peut pouvez pouvoir dois doit veux veut voulez voudrais ne pas plus rien jamais très aussi \
où est ma commande elle devait arriver il y a deux jours \
je voudrais retourner ces chaussures et être remboursé \
pouvez-vous me dire quand le colis sera livré chez moi \
combien coûte la livraison si je commande plusieurs articles \
ma carte a été débitée deux fois pour la même chose que dois-je faire \
veuillez annuler la réservation de demain soir \
l'écran est cassé et la batterie ne se recharge plus \
pourriez-vous changer l'adresse de mon compte \
j'ai oublié mon mot de passe et je n'arrive pas à me connecter \
quel temps fera-t-il ce week-end est-ce qu'il va pleuvoir ou neiger \
mets un réveil à sept heures du matin et rappelle-moi d'appeler maman \
joue de la musique du nouveau groupe que j'ai entendu à la radio \
ajoute cette chanson à ma liste de lecture et monte le son \
montre-moi le cinéma le plus proche et les films de ce soir \
réserve une table pour quatre personnes dans un restaurant italien près de la gare \
trouve-moi un vol pas cher pour londres vendredi prochain \
donne cinq étoiles à ce livre \
je veux parler à un conseiller tout de suite \
votre service est vraiment mauvais et personne ne répond au téléphone \
la facture porte un mauvais nom envoyez-m'en une nouvelle par courriel \
comment télécharger l'application et ouvrir un compte \
j'ai perdu mon portefeuille bloquez ma carte bancaire \
y a-t-il une réduction pour les étudiants \
merci pour votre aide rapide c'est exactement ce qu'il me fallait bonne journée \
livraison remboursement retour commande paiement compte prix taille couleur aide question problème";

const ES: &str = "\
hola buenos días buenas tardes buenas noches adiós gracias muchas gracias por favor perdón sí no vale claro \
el la los las un una unos unas y o pero si que quien qué cuál cuándo dónde cómo por qué cuánto de del a al en con sin sobre para por entre hasta desde \
yo tú él ella nosotros ustedes ellos me te se le lo nos les mi mis tu tus su sus nuestro nuestra este esta estos estas ese esa eso aquí allí \
es son era fue ser estar está están estoy soy tengo tiene tienen hay puedo puede pueden debo quiero quiere quisiera no nunca nada muy también más ya \
dónde está mi pedido tenía que llegar hace dos días \
quisiera devolver estos zapatos y que me devuelvan el dinero \
puede decirme cuándo entregarán el paquete en mi casa \
cuánto cuesta el envío si pido más de uno \
me han cobrado dos veces lo mismo en la tarjeta qué debo hacer \
por favor cancele la reserva de mañana por la noche \
la pantalla está rota y la batería ya no carga \
podría cambiar la dirección de mi cuenta \
olvidé mi contraseña y no puedo entrar en la página \
qué tiempo hará este fin de semana va a llover o a nevar \
pon una alarma a las siete de la mañana y recuérdame llamar a mamá \
pon música del nuevo grupo que oí en la radio \
añade esta canción a mi lista y sube el volumen \
enséñame el cine más cercano y las películas de esta noche \
reserva una mesa para cuatro personas en un restaurante italiano cerca de la estación \
búscame un vuelo barato a londres el próximo viernes \
quiero hablar con una persona ahora mismo \
su servicio es muy malo y nadie contesta el teléfono \
la factura tiene el nombre equivocado envíeme una nueva por correo \
cómo descargo la aplicación y abro una cuenta \
perdí mi cartera bloqueen mi tarjeta de crédito \
hay algún descuento para estudiantes \
gracias por la ayuda tan rápida era justo lo que necesitaba que tenga un buen día \
envío reembolso devolución pedido entrega pago cuenta precio talla color ayuda pregunta problema";

const IT: &str = "\
ciao buongiorno buonasera buonanotte arrivederci grazie mille per favore scusi sì no va bene certo \
il lo la i gli le un uno una e o ma se che chi cosa quale quando dove come perché quanto di del della dello dei degli delle a al alla ai alle in nel nella con su sul sulla per tra da dal dalla \
io tu lui lei noi voi loro mi ti si ci vi lo mio mia miei mie tuo tua suo sua nostro nostra vostro questo questa questi queste quello quella \
è sono era sei siamo essere ho hai ha abbiamo hanno avere posso può possono devo deve voglio vuole vorrei non mai niente molto anche più già \
dov'è il mio ordine doveva arrivare due giorni fa \
vorrei restituire queste scarpe e avere il rimborso \
può dirmi quando verrà consegnato il pacco a casa mia \
quanto costa la spedizione se ne ordino più di uno \
mi hanno addebitato due volte la stessa cosa sulla carta che cosa devo fare \
per favore annulli la prenotazione di domani sera \
lo schermo è rotto e la batteria non si carica più \
potrebbe cambiare l'indirizzo del mio conto \
ho dimenticato la password e non riesco ad accedere al sito \
che tempo farà questo fine settimana pioverà o nevicherà \
metti una sveglia alle sette di mattina e ricordami di chiamare la mamma \
metti della musica del nuovo gruppo che ho sentito alla radio \
aggiungi questa canzone alla mia lista e alza il volume \
mostrami il cinema più vicino e i film di stasera \
prenota un tavolo per quattro persone in un ristorante vicino alla stazione \
trovami un volo economico per londra venerdì prossimo \
voglio parlare subito con una persona \
il vostro servizio è davvero pessimo e nessuno risponde al telefono \
la fattura ha il nome sbagliato mandatemene una nuova \
come scarico l'applicazione e apro un conto \
ho perso il portafoglio bloccate la mia carta di credito \
c'è uno sconto per gli studenti \
grazie per l'aiuto così veloce era proprio quello che mi serviva buona giornata \
spedizione rimborso reso ordine consegna pagamento conto prezzo taglia colore aiuto domanda problema";

const NL: &str = "\
hallo hoi goedemorgen goedemiddag goedenavond dag doei dank je wel bedankt alsjeblieft alstublieft sorry ja nee goed prima \
de het een en of maar als dat die wie wat welke wanneer waar waarom hoe van naar in op aan bij voor met uit over onder tot om te \
ik jij je u hij zij ze wij we jullie mij me jou hem haar ons hen mijn jouw uw zijn onze hun deze dit daar hier \
is zijn was waren ben bent worden wordt werd heb hebt heeft hebben had kan kunnen kunt moet moeten wil willen zou zal mag niet geen nog al ook heel erg \
waar is mijn bestelling die had twee dagen geleden moeten aankomen \
ik wil deze schoenen terugsturen en mijn geld terugkrijgen \
kunt u mij zeggen wanneer het pakket bij mij thuis bezorgd wordt \
hoeveel kosten de verzendkosten als ik er meer dan één bestel \
mijn kaart is twee keer belast voor hetzelfde wat moet ik doen \
annuleer alstublieft de boeking voor morgenavond \
het scherm is kapot en de batterij laadt niet meer op \
zou u het adres van mijn rekening kunnen wijzigen \
ik ben mijn wachtwoord vergeten en kan niet inloggen \
wat voor weer wordt het dit weekend gaat het regenen of sneeuwen \
zet de wekker op zeven uur 's ochtends en herinner mij eraan mama te bellen \
speel muziek van de nieuwe band die ik op de radio hoorde \
voeg dit nummer toe aan mijn lijst en zet het harder \
laat mij de dichtstbijzijnde bioscoop zien en welke films er vanavond draaien \
reserveer een tafel voor vier personen in een restaurant vlak bij het station \
zoek een goedkope vlucht naar londen voor volgende vrijdag \
ik wil nu meteen een medewerker spreken \
jullie dienst is echt slecht en niemand neemt de telefoon op \
op de factuur staat de verkeerde naam stuur mij een nieuwe \
hoe download ik de app en hoe open ik een rekening \
ik heb mijn portemonnee verloren blokkeer mijn kaart \
is er korting voor studenten \
bedankt voor de snelle hulp dat was precies wat ik nodig had fijne dag nog \
verzending terugbetaling retour bestelling levering betaling rekening prijs maat kleur hulp vraag probleem";

const PT: &str = "\
olá oi bom dia boa tarde boa noite tchau adeus obrigado obrigada muito obrigado por favor desculpe sim não está bem claro \
o a os as um uma uns umas e ou mas se que quem qual quando onde como porque quanto de do da dos das em no na nos nas com sem sobre para pelo pela até desde \
eu tu você ele ela nós vocês eles me te se lhe nos meu minha meus minhas teu tua seu sua nosso nossa este esta isto esse essa isso aqui ali \
é são era foi ser estar está estão estou sou tenho tem têm há posso pode podem devo quero quer queria gostaria não nunca nada muito também mais já \
onde está a minha encomenda devia ter chegado há dois dias \
gostaria de devolver estes sapatos e receber o dinheiro de volta \
pode dizer-me quando vão entregar o pacote em minha casa \
quanto custa o envio se eu pedir mais de um \
cobraram duas vezes a mesma coisa no meu cartão o que devo fazer \
por favor cancele a reserva de amanhã à noite \
a tela está quebrada e a bateria não carrega mais \
poderia mudar o endereço da minha conta \
esqueci a minha senha e não consigo entrar no site \
como vai estar o tempo no fim de semana vai chover ou nevar \
põe um alarme para as sete da manhã e lembra-me de ligar à mãe \
toca música da nova banda que ouvi na rádio \
adicione esta canção à minha lista e aumente o volume \
mostre-me o cinema mais próximo e os filmes de hoje à noite \
reserve uma mesa para quatro pessoas num restaurante perto da estação \
encontre um voo barato para londres na próxima sexta-feira \
quero falar com uma pessoa agora mesmo \
o vosso serviço é muito mau e ninguém atende o telefone \
a fatura tem o nome errado envie-me uma nova por favor \
como baixo o aplicativo e abro uma conta \
perdi a carteira bloqueiem o meu cartão de crédito \
há algum desconto para estudantes \
obrigado pela ajuda tão rápida era mesmo o que eu precisava tenha um bom dia \
envio reembolso devolução pedido entrega pagamento conta preço tamanho cor ajuda pergunta problema";
