import type { Random } from "./random";

/** Common given and family names, put together by chance: nobody in particular. */
const NAMES: readonly (readonly [weight: number, given: string, family: string])[] = [
  [
    26,
    "Abigail Caleb Claire Dana Denise Elliot Emily Frances Gavin Grace Hannah Harold Ivy Jordan Kyle Laurel Marcus Megan Naomi Nolan Owen Paige Quinn Rachel Russell Sadie Spencer Tessa Walter Wendy",
    "Aldridge Barlow Bennett Calloway Carver Dawson Ellison Fairbanks Foster Garrett Hadley Harlow Hastings Kendall Lawson Marsh Merritt Norwood Osborne Palmer Prescott Ramsey Sheridan Sinclair Tanner Thornton Vance Whitaker Winslow York",
  ],
  [
    15,
    "Alejandra Andrés Camila Carlos Daniela Diego Elena Emilio Gabriela Héctor Inés Javier José Lucía Luis Mariana Mateo Paloma Rafael Rosa Sofía Tomás Valeria Ximena",
    "Aguilar Álvarez Castillo Cortés Delgado Domínguez Fuentes Herrera Ibarra Juárez Lozano Medina Montoya Núñez Ortega Peña Quintero Ríos Salazar Sandoval Téllez Valdez Vega Zamora",
  ],
  [
    9,
    "Bao Chen Hao Jia Jian Jun Lan Lei Ling Mei Min Ning Qing Rui Shan Wei Xin Yan Ying Yu",
    "Cai Deng Fang Gao He Hu Jiang Kong Liang Lu Ma Pan Qian Shen Song Tang Xu Yao Zeng Zhu",
  ],
  [
    10,
    "Aarav Aditi Ananya Arjun Deepa Devika Farhan Gopal Isha Karthik Kavya Lakshmi Manish Meera Nikhil Pooja Priya Rahul Sanjay Shreya Tara Vikram",
    "Acharya Bhatt Chandra Chowdhury Desai Ghosh Iyer Joshi Kapoor Kulkarni Malhotra Menon Mukherjee Nair Pillai Rao Reddy Saxena Sethi Verma",
  ],
  [
    6,
    "Amina Bilal Dalia Farid Hana Ibrahim Jamila Karim Layla Maryam Nabil Nadia Omar Rania Samir Salma Tariq Yasmin Youssef Zainab",
    "Abbas Darwish Fadel Haddad Hakimi Jaber Khalil Khoury Mansour Nasser Qasim Rahman Saleh Shaheen Tahan Zaki",
  ],
  [
    7,
    "Adaeze Amara Ayodele Chidi Chinwe Ebele Emeka Folake Ifeoma Kelechi Kwame Ngozi Obinna Olu Sade Tunde Uche Yetunde Zuri",
    "Abiola Achebe Adeyemi Afolabi Balogun Danjuma Eze Ibekwe Mensah Nwosu Obi Ogunleye Okafor Okeke Onyango Owusu Sowande Uzoma",
  ],
  [
    5,
    "Anh Bích Châu Đạt Dung Hải Hạnh Hiền Khanh Lan Linh Long Mai Minh Ngọc Phương Quân Thảo Trang Tuấn",
    "Bùi Đặng Đinh Đỗ Dương Hoàng Hồ Huỳnh Lê Lý Ngô Nguyễn Phạm Phan Trần Võ",
  ],
  [
    5,
    "Bora Dahyun Eunji Hyejin Jaewon Jihoon Jiwoo Minseo Sangwoo Seojun Seoyeon Somin Sunghee Taeyang Yejin Yuna",
    "Ahn Bae Baek Cho Choi Han Hong Hwang Jang Jeong Kang Kwon Moon Oh Seo Shin Yoon",
  ],
  [
    6,
    "Agnieszka Anton Bartek Danuta Ewa Halina Ivana Jakub Katarzyna Lidia Łukasz Magda Mirela Nikola Oksana Petra Radek Stanisław Tereza Zofia",
    "Adamczyk Bílek Černý Dąbrowski Horváth Jelínek Kaminski Kovács Kowalczyk Lis Marković Nowicki Pawlak Petrović Sokolov Szymański Wójcik Zieliński",
  ],
  [
    4,
    "Aoife Brigid Cian Ciarán Declan Eoin Fiona Maeve Niamh Oisín Róisín Saoirse Seán Siobhán",
    "Brennan Byrne Cassidy Delaney Doyle Fitzgerald Gallagher Keane Maguire McGrath Nolan O'Brien O'Connor O'Neill Quigley Sweeney",
  ],
  [
    3,
    "Aiko Daichi Emi Haruka Hiroshi Kaori Kenji Mayumi Naoki Ryo Sakura Takumi Yui Yuki",
    "Aoki Fujita Hayashi Inoue Ishikawa Kimura Maeda Matsuda Nakagawa Okada Saito Shimizu Ueda Yamashita",
  ],
  [
    4,
    "Beatriz Bruno Caio Davi Fernanda Heitor João Júlia Larissa Letícia Rodrigo Thaís Tiago Vitória",
    "Almeida Araújo Barbosa Cardoso Coelho Ferreira Gonçalves Lopes Magalhães Moreira Pinto Ramalho Teixeira Vieira",
  ],
];

const LISTS = NAMES.map(
  ([weight, given, family]) => [{ given: given.split(" "), family: family.split(" ") }, weight] as const,
);

export interface PersonName {
  given: string;
  family: string;
}

export function personName(random: Random): PersonName {
  const culture = random.weighted(LISTS);
  return { given: random.pick(culture.given), family: random.pick(culture.family) };
}

/** Letters that are no letter plus an accent. */
const PLAIN: Record<string, string> = { ł: "l", đ: "d", ø: "o", ß: "ss", æ: "ae" };

/** A name as it would stand in an address: small, plain letters. */
export function addressPart(name: string): string {
  return name
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[łđøßæ]/g, (letter) => PLAIN[letter] ?? "")
    .replace(/[^a-z]/g, "");
}
